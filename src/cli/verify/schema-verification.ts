import type { IndexedCatalog } from '../../catalog/indexed.js'
import { heirsOf } from '../../catalog/inheritance.js'
import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKey } from '../../catalog/object-key.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import { quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { firingTriggers } from '../../planner/handover/triggers.js'
import { constraintsTaken } from '../../planner/handover/taken-constraints.js'
import { deferredObject } from '../../planner/schema/deferred-object.js'
import { isUnproven } from '../../planner/schema/late-constraint.js'
import { missingGroups } from '../../planner/schema/missing.js'
import type { ExpectedFinding, SchemaVerification } from '../../render/verify/verification.js'
import { matchesPattern } from '../../spec/table-pattern.js'
import { compareSchemas } from '../../verify/schema/compare-schemas.js'
import type { SchemaFinding } from '../../verify/schema/finding.js'

/** The structure of both sides, with what belt itself leaves different until the cutover told apart. */
export function verifySchema(context: MigrationContext, publisher: Side): SchemaVerification {
  const { source, target, scope, spec } = context
  const beforeCutover = publisher === 'source'
  const found = compareSchemas({
    source: beforeCutover ? withoutPositions(source) : source,
    target: spec.cutover.fence === 'revoke_login' ? withLoginsOf(source, target) : target,
    includes: (schema, name) =>
      scope.includesSchema(schema) && !spec.scope.excludeTables.some((p) => matchesPattern(p, schema, name)),
    includesObject: scope.includesObject,
    roles: spec.roles.copy,
  })
  const known = reasons(context, beforeCutover)
  const findings: SchemaFinding[] = []
  const expected: ExpectedFinding[] = []
  for (const finding of found) {
    const why = known.get(finding.what)
    if (why === undefined) findings.push(finding)
    else expected.push({ ...finding, why })
  }
  const positions = 'Positions of sequences: the cutover sets them.'
  return { findings, expected, leftOut: beforeCutover && source.sequences.length > 0 ? [positions] : [] }
}

/** Sequences of the source as if never called: the target's are set by the cutover and not before. */
function withoutPositions(source: IndexedCatalog): IndexedCatalog {
  return {
    ...source,
    sequences: source.sequences.map((s) => ({ ...s, volatile: { ...s.volatile, lastValue: undefined } })),
  }
}

/** With this fence, roles have LOGIN on the side that serves only. */
function withLoginsOf(source: IndexedCatalog, target: IndexedCatalog): IndexedCatalog {
  return {
    ...target,
    roleByName: (name) => {
      const there = target.roleByName(name)
      return there && { ...there, login: source.roleByName(name)?.login ?? there.login }
    },
  }
}

/** By key or name: why belt or Postgres itself makes it so, or why it is not wanted. */
function reasons(context: MigrationContext, beforeCutover: boolean): ReadonlyMap<string, string> {
  const { source, target, scope } = context
  const firing = firingTriggers(context).flatMap((t) =>
    // Copies on partitions are switched with the trigger above them.
    [{ schema: t.schema, name: t.table }, ...heirsOf(source, quoteQualified(t.schema, t.table))].map(
      ({ schema, name }) => [objectKey('trigger', schema, name, t.name), FED] satisfies Reason,
    ),
  )
  const outside = source.script.objects.flatMap(({ key, constraint }): readonly Reason[] => {
    const to = constraint?.references
    return to === undefined || scope.routeOf(to.schema, to.name) !== undefined ? [] : [[key, OUTSIDE]]
  })
  const parts = target.constraints
    .filter((c) => c.type === 'foreign key' && c.inherited && !c.validated && c.enforced !== false)
    .map((c) => [objectKey('constraint', c.schema, c.table, c.name), PART] satisfies Reason)
  const deferred = missingGroups(context)
    .filter((g) => beforeCutover && g.disposition === 'cutover')
    .flatMap(({ head, members }) => [
      ...[head, ...members].map((object) => [object.key, deferredObject(head).why] satisfies Reason),
      ...partsOf(head, source).map((what) => [what, deferredObject(head).why] satisfies Reason),
    ])
  const taken = constraintsTaken(context).flatMap(({ object }) =>
    [
      object.key,
      ...partsOf(object, target),
      ...target.script.objects.filter((o) => o.about === object.key).map((o) => o.key),
    ].map((what) => [what, TAKEN] satisfies Reason),
  )
  const unproven = source.script.objects
    .filter((o) => isUnproven(o, context))
    .map((o) => [o.key, UNPROVEN] satisfies Reason)
  return new Map([...firing, ...outside, ...parts, ...deferred, ...taken, ...unproven])
}

/** A foreign key of a partitioned table stands on each partition too. */
function partsOf({ constraint, table }: SchemaObject, catalog: IndexedCatalog): readonly ObjectKey[] {
  if (constraint?.type !== 'foreign key' || table === undefined) return []
  const below = new Set(
    heirsOf(catalog, quoteQualified(table.schema, table.name)).map((t) => quoteQualified(t.schema, t.name)),
  )
  return catalog.constraints
    .filter((c) => c.type === 'foreign key' && c.inherited)
    .filter((c) => below.has(quoteQualified(c.schema, c.table)))
    .map((c) => objectKey('constraint', c.schema, c.table, c.name))
}

type Reason = readonly [what: string, why: string]

const FED = 'it fires for replicated rows, so it is disabled on the side that is fed'
const TAKEN = 'the source cannot have it while it is fed; a rollback makes it again'
const UNPROVEN = 'it refers to rows that do not move, so it holds for new rows at best'
const OUTSIDE = 'it references a table outside the scope'
/** Seen on 17: VALIDATE CONSTRAINT leaves the rows of pg_constraint for the partitions referenced as they were. */
const PART =
  'it comes with a foreign key to a partitioned table, which is compared itself and whose validation does not mark it'
