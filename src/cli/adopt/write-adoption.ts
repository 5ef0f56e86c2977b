import type { Adoption } from '../../adopt/judge-adoption.js'
import { SIDES } from '../../core/side.js'
import { type SidesInput, withBothSides } from '../../inspect/both-sides.js'
import { serverIdentity } from '../../migration/server-identity.js'
import { inTransaction } from '../../postgres/transaction.js'
import type { CliContext } from '../context.js'
import { stateStoreOf } from '../state-store.js'

/**
 * Belt's records, each server's in one transaction, then the state. A run that is killed in between is run again: what is
 * there is left as it is.
 */
export async function writeAdoption(
  { context: migration, sql }: Adoption,
  sides: SidesInput,
  context: CliContext,
  signal: AbortSignal,
): Promise<void> {
  await withBothSides(sides, signal, async ({ sessions }) => {
    for (const side of SIDES) {
      await inTransaction(sessions[side], {}, async () => {
        for (const statement of sql[side]) await sessions[side].exec(statement)
      })
    }
  })
  const { names, spec } = migration
  const state = await stateStoreOf(sides, context).open({
    name: spec.name,
    lineage: names.lineage,
    source: serverIdentity(migration, 'source'),
    target: serverIdentity(migration, 'target'),
  })
  try {
    const { nodes, forward } = names
    const evidence = { tool: 'pgbelt', nodes, forward }
    await state.append({ kind: 'mark-set', mark: 'adopted', at: new Date().toISOString(), evidence })
    await state.append({ kind: 'stage-reached', stage: 'prepared' })
  } finally {
    await state.close()
  }
}
