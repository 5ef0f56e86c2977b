import type { ActionKind, ActionOf } from '../actions/action.js'
import { factsOfCondition } from '../actions/condition.js'
import type { ActionBase } from '../actions/base.js'
import { factKey, identityFact } from '../catalog/facts.js'
import type { FactKey } from '../catalog/facts.js'
import { objectKey } from '../catalog/object-key.js'
import { quoteQualified } from '../core/quote.js'

type Writes<A extends ActionBase<string>> = (action: A) => readonly string[]

const none = (): readonly string[] => []

/** What each kind changes on its side, in the words of factsOf. A kind that changes no fact says so. */
const written: { readonly [K in ActionKind]: Writes<ActionOf<K>> } = {
  'analyze-tables': none,
  'compare-rows': none,
  'copy-rows': none,
  drain: none,
  ensure: (a) => a.wants.flatMap(factsOfCondition),
  'gate-handover': none,
  'pair-positions': none,
  'prove-quiet': none,
  'try-dial': none,
  'set-sequences': none,
  'verify-handover': none,
  'await-copy': none,
  'await-lag': none,
  'copy-role': (a) => [`role ${a.role}`, 'database acl'],
  'create-index': (a) => a.makes,
  'create-object': (a) => a.makes,
  'create-publication': (a) => [`publication ${a.publication}`],
  'create-records': none,
  'create-slot': (a) => [`slot ${a.slot}`],
  'create-subscription': (a) => [`subscription ${a.subscription}`],
  'fence-target': () => ['database acl'],
  'grant-membership': (a) => [`role ${a.member}`, `role ${a.role}`],
  'grant-read': none,
  'refresh-materialized-view': none,
  'refresh-subscription': (a) => [`subscription ${a.subscription}`],
  'run-hook': none,
  'set-database': () => ['database acl', 'database settings'],
  'set-replica-identity': (a) => [
    identityFact(a.table.schema, a.table.name),
    objectKey('replica identity', a.table.schema, a.table.name),
    `table ${quoteQualified(a.table.schema, a.table.name)}`,
  ],
  'set-replication-role': (a) => [`role ${a.role}`, 'database acl'],
  'validate-constraint': (a) => [objectKey('constraint', a.table.schema, a.table.name, a.constraint)],
  'verify-rows': none,
}

/** The facts an action changes when it runs: when they have moved since the plan was made, belt itself may have moved them. */
export function factsWritten<K extends ActionKind>(action: ActionOf<K> & { readonly kind: K }): readonly FactKey[] {
  const writes: Writes<ActionOf<K>> = written[action.kind]
  return writes(action).map((what) => factKey(action.side, what))
}
