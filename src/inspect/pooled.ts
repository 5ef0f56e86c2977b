import type { Session } from '../postgres/session.js'

/** Enough for a pooler with several server connections to hand out another one. */
const STATEMENTS = 5

/** Whether statements outside a transaction run in different backends: a transaction pooler stands between. */
export async function seemsPooled(session: Session): Promise<boolean> {
  for (let i = 0; i < STATEMENTS; i++) {
    const { pid } = await session.one<{ pid: number }>('select pg_catalog.pg_backend_pid()::int4 as pid')
    if (pid !== session.pid) return true
  }
  return false
}
