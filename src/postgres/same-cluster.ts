import { randomBytes } from 'node:crypto'
import { SqlError } from './server-error.js'
import type { Session } from './session.js'
import { SQLSTATE } from './sqlstate.js'
import { inTransaction } from './transaction.js'

/**
 * Whether two sessions are in one cluster at this moment. The system identifier cannot tell: clones and standbys share
 * it. So an advisory lock with a random key is taken through `a` (in a transaction, which works through poolers too)
 * and looked for through `b`: pg_locks shows the locks of all databases of its cluster, and only of that.
 */
export async function inSameCluster(a: Session, b: Session): Promise<boolean> {
  const [first, second] = [await systemIdentifier(a), await systemIdentifier(b)]
  if (first !== undefined && second !== undefined && first !== second) return false
  const key = randomBytes(8)
  const keys = [key.readInt32BE(0), key.readInt32BE(4)] as const
  return inTransaction(a, {}, async () => {
    const { pid } = await a.one<{ pid: number }>(
      `select pg_catalog.pg_backend_pid()::int4 as pid
       from pg_catalog.pg_advisory_xact_lock($1::int4, $2::int4)`,
      keys,
    )
    const { seen } = await b.one<{ seen: boolean }>(
      `select exists (
         select from pg_catalog.pg_locks as l
         where l.locktype = 'advisory' and l.granted and l.pid = $1::int4
           and l.classid = $2::oid and l.objid = $3::oid and l.objsubid = 2
       ) as seen`,
      [pid, keys[0] >>> 0, keys[1] >>> 0],
    )
    return seen
  })
}

/** pg_control_system(), as text (it is a 64-bit number); undefined where a provider forbids the function. */
export async function systemIdentifier(session: Session): Promise<string | undefined> {
  try {
    const { id } = await session.one<{ id: string }>(
      'select c.system_identifier::text as id from pg_catalog.pg_control_system() as c',
    )
    return id
  } catch (error) {
    if (error instanceof SqlError && error.sqlState === SQLSTATE.insufficientPrivilege) return undefined
    throw error
  }
}
