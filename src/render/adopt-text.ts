import type { Adoption } from '../adopt/judge-adoption.js'
import type { Action } from '../actions/action.js'
import { hasErrors } from '../core/diagnostic.js'
import { SIDES } from '../core/side.js'
import { BELT_SCHEMA } from '../migration/scope.js'
import { diagnosticsText } from './diagnostics-text.js'
import { SIGNS } from './plan/words.js'
import { count } from './text/quantity.js'
import type { Style } from './text/style.js'
import { visible } from './text/visible.js'
import { hang } from './text/wrap.js'

/** What `belt adopt` takes over, what differs, and what it will write; ends with a line feed. */
export function adoptText(adoption: Adoption, style: Style): string {
  const { context, findings, differences, plan, sql } = adoption
  const refused = hasErrors(findings)
  const sections = [
    [style.bold(`belt adopt: ${visible(context.spec.name)}, a running migration of pgbelt`)],
    ...(plan === undefined || refused ? [] : [[style.bold('Taken over as it is'), ...takenOver(adoption, style)]]),
    ...(refused || differences.length === 0
      ? []
      : [[style.bold('Not as belt would have made it'), ...differences.flatMap((d) => bullet(d, style))]]),
    ...(findings.length === 0 ? [] : [[style.bold('Findings'), ...diagnosticsText(findings, style)]]),
    ...(plan === undefined || refused
      ? []
      : [[style.bold('Left to do to stage replicating'), ...leftToDo(plan.actions, style)]]),
    ...(refused
      ? []
      : [
          [
            style.bold('Written now, and nothing else: belt’s own records'),
            ...SIDES.map(
              (side) =>
                `  + ${side}  schema belt with ${count(records(sql[side]), 'record')} and table ${context.names.markerTable}`,
            ),
          ],
        ]),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function takenOver({ context }: Adoption, style: Style): readonly string[] {
  const { names, source, target } = context
  const subscription = target.subscriptionByName(names.forward.subscription)
  const set = source.replicationSetByName(names.forward.publication)
  const own = set?.tables.filter((t) => t.schema !== BELT_SCHEMA).length ?? 0
  const copied = subscription?.tables.filter((t) => t.state === 'ready').length ?? 0
  return [
    `nodes ${names.nodes.source} (source) and ${names.nodes.target} (target)`,
    `replication set ${names.forward.publication} with ${count(own, 'table')}`,
    `subscription ${names.forward.subscription}, replicating, ${count(copied, 'table')} copied; nothing is copied again`,
    `slot ${names.forward.slot} of the source`,
    'From now on these are belt’s: stages absent and finalized take them away, and pgbelt’s commands must not be run on them any more.',
  ].flatMap((text) => bullet(text, style))
}

function leftToDo(actions: readonly Action[], style: Style): readonly string[] {
  if (actions.length === 0) return ['  nothing']
  return [
    `  ${count(actions.length, 'action')}; belt plan shows them with their SQL:`,
    ...actions.flatMap((a) => hang(`  ${SIGNS[a.operation]} ${a.side}  `, visible(a.title), style.width)),
  ]
}

function records(sql: readonly string[]): number {
  return sql.filter((statement) => statement.startsWith('insert into belt.record ')).length
}

function bullet(text: string, style: Style): readonly string[] {
  return hang('  · ', visible(text), style.width)
}
