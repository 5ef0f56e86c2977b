import { BeltError } from '../core/error.js'
import { fenceId } from '../migration/fence-record.js'
import type { ApplyInput } from './apply-input.js'
import type { Pending } from './check-plan.js'
import { referenceAt } from './read-secrets.js'

/**
 * Reads every secret of the spec that some pending action will need, so that a variable that is not set is told before
 * anything is changed and not hours later. Not where a side waits to be opened again: there nothing may come before that,
 * and what needs the secret afterwards says so itself.
 *
 * @throws BeltError `secret-unresolved` naming all of them, `secret-missing`
 */
export async function demandSecrets(
  { actions, done }: Pick<Pending, 'actions' | 'done'>,
  { spec, resolveSecret, secrets }: Pick<ApplyInput, 'spec' | 'resolveSecret' | 'secrets'>,
): Promise<void> {
  const closed = done.some((a) => a.phase === 'pause' && a.id === fenceId(a.side))
  if (closed || actions.some(({ action }) => action.id.startsWith('reopen.'))) return
  const paths = new Set(
    actions.flatMap(({ action }) =>
      action.secrets.flatMap(({ source }) => (source.from === 'spec' ? [source.path] : [])),
    ),
  )
  const failures: { readonly message: string; readonly cause: BeltError }[] = []
  for (const path of [...paths].sort()) {
    try {
      secrets.add(await resolveSecret(referenceAt(path, spec)))
    } catch (error) {
      if (!(error instanceof BeltError) || error.code !== 'secret-unresolved') throw error
      failures.push({ message: `${path}: ${error.message}`, cause: error })
    }
  }
  const [first] = failures
  if (first === undefined) return
  throw new BeltError(
    'secret-unresolved',
    ['the plan needs what cannot be read, and nothing was changed:', ...failures.map((f) => `  ${f.message}`)].join(
      '\n',
    ),
    { hint: [...new Set(failures.flatMap((f) => f.cause.hint ?? []))].join(' '), cause: first.cause },
  )
}
