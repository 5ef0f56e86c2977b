import type { Inspection } from '../catalog/inspection.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { hasErrors } from '../core/diagnostic.js'
import { SIDES } from '../core/side.js'
import type { Side } from '../core/side.js'
import { ADOPT_ID } from '../migration/adopted-names.js'
import { migrationContext } from '../migration/context.js'
import type { MigrationContext } from '../migration/context.js'
import type { Plan } from '../plan/plan.js'
import { planMigration } from '../planner/plan-migration.js'
import type { Spec } from '../spec/spec.js'
import type { State } from '../state/state.js'
import { adoptionRecords, adoptionSql } from './adoption-sql.js'
import { asAdopted } from './as-adopted.js'
import { checkNodes } from './check-nodes.js'
import { checkSets } from './check-sets.js'
import { checkStream } from './check-stream.js'
import { differences } from './differences.js'

export interface AdoptionInput {
  readonly spec: Spec
  readonly inspection: Inspection
  readonly state: State | undefined
  /** At the end belt drops the extension and the role too, as pgbelt's `teardown --full` does. */
  readonly full: boolean
  /** ISO 8601, UTC. */
  readonly now: string
}

export interface Adoption {
  /** As if it were adopted already. */
  readonly context: MigrationContext
  /** Both servers say that it was. */
  readonly done: boolean
  /** With an error among them nothing is taken over. */
  readonly findings: readonly Diagnostic[]
  /** What is not as belt would have made it, in words. */
  readonly differences: readonly string[]
  /** What is left to do to stage `replicating`; undefined where nothing can be taken over. */
  readonly plan: Plan | undefined
  /** What is written on each server, belt's own records only. */
  readonly sql: Readonly<Record<Side, readonly string[]>>
}

/** Whether what runs between both databases is a migration of pgbelt that belt can go on with, and what it would be then. Pure. */
export function judgeAdoption({ spec, inspection, state, full, now }: AdoptionInput): Adoption {
  const found = migrationContext(spec, inspection, state)
  const { lineage, markerTable } = found.names
  const adopted = asAdopted({ ...spec, stage: 'replicating' }, inspection, lineage, full)
  const context = migrationContext(spec, adopted, state)
  const done = SIDES.every((side) => found[side].recordOf(lineage, ADOPT_ID) !== undefined)
  const nodes = [...checkSpec(context), ...checkBegun(found), ...checkNodes(context)]
  const mine = hasErrors(nodes) ? nodes : [...nodes, ...checkStream(context), ...checkSets(context)]
  // What belt could not go on with is told before anything is taken over, not after.
  const plan = hasErrors(mine)
    ? undefined
    : planMigration({ spec: { ...spec, stage: 'replicating' }, inspection: adopted, state, now })
  const sqlOf = (side: Side): readonly string[] =>
    adoptionSql(lineage, markerTable, adoptionRecords(side, spec.roles.replication.name, full))
  return {
    context,
    done,
    findings: [...mine, ...(plan?.diagnostics ?? []).filter((d) => d.code !== 'state-rebuilt')],
    differences: hasErrors(mine) ? [] : differences(context, full),
    plan,
    sql: { source: sqlOf('source'), target: sqlOf('target') },
  }
}

function checkSpec({ spec }: MigrationContext): readonly Diagnostic[] {
  if (spec.engine === 'pglogical') return []
  return [
    {
      severity: 'error',
      code: 'adopt-engine',
      message: 'pgbelt replicates with pglogical, and the spec asks for native replication',
      fix: 'Set engine: pglogical.',
    },
  ]
}

/** belt has begun this migration itself: what it made has names of its own. */
function checkBegun({ names, ...catalogs }: MigrationContext): readonly Diagnostic[] {
  const adopted = SIDES.some((side) => catalogs[side].recordOf(names.lineage, ADOPT_ID) !== undefined)
  const begun = SIDES.filter(
    (side) =>
      catalogs[side].beltTables.includes(names.markerTable) ||
      (catalogs[side].records ?? []).some((r) => r.lineage === names.lineage),
  )
  if (adopted || begun.length === 0) return []
  return [
    {
      severity: 'error',
      code: 'adopt-begun',
      message: `belt has begun this migration itself: there are records of it on the ${begun.join(' and the ')}`,
      fix: 'Go to stage absent with belt plan and belt apply, or go on with that one.',
    },
  ]
}
