import type { SchemaObject } from '../../catalog/schema-script.js'
import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKind } from '../../catalog/object-key.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'
import { firingTriggers } from '../handover/triggers.js'
import { firesInReplication } from '../schema/deferred-object.js'
import { objectActionId } from '../schema/object-id.js'
import { grantDifferences, readsAs, sameGrants } from './grant-differences.js'
import { tableDifferences } from './table-differences.js'

/**
 * Kinds whose text Postgres deparses from a parse tree: the same object reads differently on two majors, so across
 * majors differing texts prove nothing.
 */
const DEPARSED: ReadonlySet<ObjectKind> = new Set([
  'view',
  'view definition',
  'materialized view',
  'rule',
  'policy',
  'function',
  'procedure',
  'constraint',
  'index',
  'trigger',
  'default',
  'statistics',
  'domain',
  'table',
])

/**
 * Objects that stand on both sides. When belt made or accepted the pair, either side's text may not have changed since;
 * otherwise both texts must be equal, or nobody could say whether they mean the same.
 */
export function checkExistingObjects(context: MigrationContext): readonly Diagnostic[] {
  const firing = new Set(firingTriggers(context).map((t) => objectKey('trigger enablement', t.schema, t.table, t.name)))
  return context.source.script.objects.flatMap((object): readonly Diagnostic[] => {
    if (firing.has(object.key) || !context.scope.includesObject(object)) return []
    const there = context.target.objectByKey.get(object.key)
    if (!there || isDeliberatelyDifferent(object) || isDeliberatelyDifferent(there)) return []
    return comparePair(object, there, context)
  })
}

function comparePair(object: SchemaObject, there: SchemaObject, context: MigrationContext): readonly Diagnostic[] {
  const same =
    object.fingerprint === there.fingerprint || sameGrants(object, there) || isSameEventTrigger(object, there)
  if (same) return []
  const certain = object.kind === 'table' ? tableDifferences(object, context) : grantDifferences(object, there)
  const what = certain.length === 0 ? '' : `: ${certain.join('; ')}`
  const pair = context.state?.pairs[object.key]
  if (pair) {
    const changed = [
      ...(readsAs(object, pair.source) ? [] : ['source']),
      ...(readsAs(there, pair.target) ? [] : ['target']),
    ]
    if (changed.length === 0) return []
    return [drifted(object, changed.join(' and the '), what)]
  }
  if (wasMadeByRun(object, context)) return []
  const sameMajor = context.source.server.major === context.target.server.major
  const undecidable = !sameMajor && DEPARSED.has(object.kind) && certain.length === 0
  return [
    {
      severity: undecidable ? 'warning' : 'error',
      code: 'object-differs',
      side: 'target',
      subject: object.key,
      message: undecidable
        ? `${object.key} was on the target before belt and reads differently there; two majors print the same object differently, so belt cannot tell whether it is the same`
        : `${object.key} was on the target before belt and differs from the source${what}`,
      fix: `Compare both; if the one on the target is wrong, drop it there and belt makes it. ${whereTheyDiffer(object, there)}`,
    },
  ]
}

/** But for being enabled, which it is on the side that serves only. */
function isSameEventTrigger(object: SchemaObject, there: SchemaObject): boolean {
  const made = ({ statements }: SchemaObject): string =>
    statements.filter((sql) => !/^ALTER EVENT TRIGGER .* (?:ENABLE(?: ALWAYS| REPLICA)?|DISABLE)$/s.test(sql)).join(';')
  return object.kind === 'event trigger' && made(object) === made(there)
}

/** The state says an action of belt's made it: a run that was killed before it could note the pair. */
function wasMadeByRun(object: SchemaObject, { state, source }: MigrationContext): boolean {
  const about = object.about === undefined ? undefined : source.objectByKey.get(object.about)
  const makers = [object, ...(about === undefined ? [] : [about])].map(objectActionId)
  return makers.some((id) => state?.actions[id] !== undefined)
}

function drifted(object: SchemaObject, side: string, what: string): Diagnostic {
  return {
    severity: 'error',
    code: 'drift-object',
    ...(side === 'source' || side === 'target' ? { side } : {}),
    subject: object.key,
    message: `${object.key} has changed on the ${side} since belt made the pair${what}`,
    fix: driftFix(object, side),
  }
}

/** Deferred enablement of triggers differs on purpose until cutover, replica identity while belt replicates keyless tables. */
function isDeliberatelyDifferent(object: SchemaObject): boolean {
  return firesInReplication(object) || object.kind === 'replica identity'
}

function driftFix(object: SchemaObject, side: string): string {
  const back = side === 'target' ? 'Take the change back on the target, or make' : 'Make'
  const other = side === 'target' ? 'source' : 'target'
  const redo = DEPARSED.has(object.kind) && object.kind !== 'table' && object.kind !== 'domain'
  return (
    `${back} the same change on the ${side.includes(' ') ? 'side that lacks it' : other}; belt takes the pair up again when both read the same.` +
    (redo
      ? ' Two majors may never print it alike: then drop it on the target, and belt makes it as on the source.'
      : '')
  )
}

const EXCERPT = 160

/** The statements of both from shortly before their first difference, on one line each. */
function whereTheyDiffer(object: SchemaObject, there: SchemaObject): string {
  const [source, target] = [object, there].map((o) => o.statements.join('; ').replaceAll(/\s+/g, ' ')) as [
    string,
    string,
  ]
  let same = 0
  while (same < source.length && source[same] === target[same]) same += 1
  const from = Math.max(0, same - 40)
  const excerpt = (text: string): string =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + EXCERPT)}${text.length > from + EXCERPT ? '…' : ''}`
  return `Source: ${excerpt(source)} Target: ${excerpt(target)}`
}
