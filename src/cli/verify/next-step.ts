import { parseQualified } from '../../core/qualified-name.js'
import { shellWord } from '../../core/shell-word.js'
import { engineFor } from '../../engines/engine-of.js'
import type { MigrationContext } from '../../migration/context.js'
import { currentStage } from '../../planner/current-stage.js'
import { tablesToResync } from '../../planner/resync/pending.js'
import { refuseResync } from '../../planner/resync/refuse-resync.js'
import type { Verification } from '../../render/verify/verification.js'
import { differsInStructureOnly } from '../../verify/rows/verify-result.js'
import { specFlags } from '../next-command.js'
import type { SpecOptions } from '../spec-file.js'

/** Named in one command; the others differ too and come after it. */
const NAMED = 5

/** What to do after a verification. */
export function nextAfterVerify(
  { verdict, rows }: Pick<Verification, 'verdict' | 'rows'>,
  context: MigrationContext,
  options: SpecOptions & { readonly showValues?: boolean },
): string {
  const flags = specFlags(options)
  if (verdict !== 'different') return `belt status${flags}`
  const differing = rows.tables
    .filter((t) => t.verdict === 'different' && !differsInStructureOnly(t))
    .map((t) => t.table)
  const [first] = differing
  if (first === undefined) return `belt drift${flags}`
  const look =
    options.showValues === true
      ? []
      : [`belt verify${flags} --tables ${shellWord(first)} --show-values to see the values`]
  const again = differing.filter((table) => mayResync(table, context)).slice(0, NAMED)
  if (again.length === 0) return look.length > 0 ? look.join('') : `belt drift${flags}`
  const stage = context.spec.stage === 'replicating' ? '' : 'set stage: replicating, then '
  const anew = `${stage}belt plan${flags} ${again.map((t) => `--resync ${shellWord(t)}`).join(' ')} to copy ${again.length === 1 ? 'it' : 'them'} anew`
  return [...look, anew].join('; ')
}

/** Whether a plan would copy the table anew, were it asked for at `replicating`. */
function mayResync(table: string, context: MigrationContext): boolean {
  const name = parseQualified(table)
  if (name === undefined || context.inspection.gone !== undefined) return false
  const asked: MigrationContext = { ...context, spec: { ...context.spec, stage: 'replicating' } }
  const tables = tablesToResync(asked, [name], [])
  return refuseResync(asked, engineFor(asked), currentStage(asked), tables).length === 0
}
