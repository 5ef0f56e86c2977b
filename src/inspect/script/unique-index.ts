import type { Constraint, Node } from 'libpg-query'
import type { QualifiedName, UniqueIndex } from '../../catalog/schema-script.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import { stringOf } from './names.js'

/**
 * The two steps in which a unique constraint can be made without keeping its table locked while its index is built.
 * The index reads as pg_get_indexdef prints it. Undefined for what an index made beforehand cannot become:
 * WITHOUT OVERLAPS (from 18) and options that are no plain words.
 */
export function uniqueIndexOf(table: QualifiedName, name: string, def: Constraint): UniqueIndex | undefined {
  if (def.contype !== 'CONSTR_UNIQUE' || def.without_overlaps === true) return undefined
  const options = (def.options ?? []).map(optionText)
  if (options.includes(undefined)) return undefined
  const columns = (nodes: Constraint['keys']): string => (nodes ?? []).map((n) => quoteIdent(stringOf(n))).join(', ')
  const relation = quoteQualified(table.schema, table.name)
  const definition = [
    `${quoteIdent(name)} ON ${relation} USING btree (${columns(def.keys)})`,
    def.including === undefined ? '' : ` INCLUDE (${columns(def.including)})`,
    def.nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : '',
    options.length === 0 ? '' : ` WITH (${options.join(', ')})`,
  ].join('')
  const deferrable =
    def.deferrable === true ? ` DEFERRABLE${def.initdeferred === true ? ' INITIALLY DEFERRED' : ''}` : ''
  return {
    plain: `CREATE UNIQUE INDEX ${definition}`,
    concurrently: `CREATE UNIQUE INDEX CONCURRENTLY ${definition}`,
    attach: `ALTER TABLE ONLY ${relation}\n    ADD CONSTRAINT ${quoteIdent(name)} UNIQUE USING INDEX ${quoteIdent(name)}${deferrable}`,
  }
}

/** `fillfactor='70'`, `deduplicate_items=off`: pg_dump leaves a value bare where it would be an identifier. */
function optionText(node: Node): string | undefined {
  if (!('DefElem' in node) || node.DefElem.arg === undefined) return undefined
  const { arg, defname = '' } = node.DefElem
  if ('String' in arg) return `${quoteIdent(defname)}=${quoteLiteral(arg.String.sval ?? '')}`
  const names = 'TypeName' in arg ? (arg.TypeName.names ?? []) : []
  return names.length === 1 ? `${quoteIdent(defname)}=${quoteIdent(stringOf(names[0]))}` : undefined
}
