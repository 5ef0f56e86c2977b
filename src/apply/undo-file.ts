import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import { END_GUARDS } from './table-guard.js'

/** Where the way back by hand stands. */
export function undoFile(input: ApplyInput, from: Side): string {
  return path.join(path.dirname(input.spec.state.path), `${input.saved.plan.name}.reopen-${from}.sql`)
}

/**
 * The way back by hand, before it can be needed: a file for psql, and its path told. Each step is a transaction, for
 * `set local` needs one; a statement whose object is gone is passed over.
 */
export async function writeUndo(
  input: ApplyInput,
  from: Side,
  emit: (happening: ApplyHappening) => void,
): Promise<void> {
  const { plan } = input.saved
  const mine = plan.actions.filter((a) => a.side === from && a.abort !== undefined).reverse()
  const steps = mine.flatMap((a) => {
    const statements = (a.abort ?? []).map((sql) => `${sql};`)
    return [`-- ${a.title}`, ...(a.transaction === 'one' ? ['begin;', ...statements, 'commit;'] : statements)]
  })
  const head = [
    `-- Opens the ${from} of ${plan.name} again if belt cannot. Run it with psql, connected to database ${plan[from].database}`,
    `-- on ${plan[from].host}:${String(plan[from].port)}. Only before the ${otherSide(from)} has been opened.`,
    '\\set ON_ERROR_ROLLBACK on',
    'set default_transaction_read_only = off;',
    "set lock_timeout = '3s';",
    '-- Ends what a belt that has vanished holds on the tables.',
    `${END_GUARDS};`,
  ]
  const file = undoFile(input, from)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${[...head, ...steps].join('\n')}\n`, { mode: 0o600 })
  emit({ type: 'notice', message: `how to open the ${from} again by hand stands in ${file}` })
}
