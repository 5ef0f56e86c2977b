import { pipeline } from 'node:stream/promises'
import type { CopyRows } from '../../actions/copy-rows.js'
import { inTransaction } from '../../postgres/transaction.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'

/** Streams a table from the fenced side into a transaction that first takes away what stood there. */
export async function executeCopyRows(action: CopyRows, context: ExecuteContext): Promise<Evidence> {
  await context.fence()
  let bytes = 0
  await context.withSession(action.from, (from) =>
    context.withSession(action.side, (to) =>
      inTransaction(to, {}, async () => {
        for (const sql of action.sql) await to.exec(sql)
        await from.copyOut(action.copyOut, (rows) =>
          to.copyIn(action.copyIn, async (sink) => {
            rows.on('data', (chunk: Uint8Array) => (bytes += chunk.length))
            await pipeline(rows, sink)
          }),
        )
        for (const sql of action.afterSql) await to.exec(sql)
      }),
    ),
  )
  return { bytes }
}
