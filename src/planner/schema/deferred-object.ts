import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import type { Deferred } from '../../plan/plan.js'

/** Says what stays off until cutover and why. */
export function deferredObject(object: SchemaObject): Deferred {
  if (object.kind === 'constraint' && object.constraint?.notValid !== true) {
    return { what: object.key, until: 'cutover', why: 'not all rows of its tables stream' }
  }
  if (object.kind !== 'trigger enablement') {
    return { what: object.key, until: 'cutover', why: 'it is NOT VALID: rows that still arrive could be refused' }
  }
  const table = object.table === undefined ? '' : ` on ${quoteQualified(object.table.schema, object.table.name)}`
  if (!firesInReplication(object)) {
    const why = 'the trigger that it comes from fires for rows that replication brings'
    return { what: `trigger ${quoteIdent(object.name)}${table} as it is on the source`, until: 'cutover', why }
  }
  const fires = object.enablement === 'always' ? 'always' : 'on replicas'
  return {
    what: `enabling trigger ${quoteIdent(object.name)}${table}`,
    until: 'cutover',
    why: `it fires ${fires}, so it would fire for rows that replication brings`,
  }
}

/** Whether a trigger's enablement has to wait for cutover, the trigger being made disabled until then (rule 5). */
export function firesInReplication(object: SchemaObject): boolean {
  return object.kind === 'trigger enablement' && (object.enablement === 'always' || object.enablement === 'replica')
}

export function deferredEventTrigger(what: string): Deferred {
  return { what: `enabling ${what}`, until: 'cutover', why: 'what belt itself does on the target would fire it' }
}
