import type { Diagnostic } from '../core/diagnostic.js'
import { parseQualified } from '../core/qualified-name.js'
import { quoteQualified } from '../core/quote.js'
import { settingName } from './describe-place.js'
import { shown, specError, specWarning } from './report.js'
import { childPointer, isMap, placeOf, type SpecTree, stringsAt, valueAt } from './spec-tree.js'
import { covers, parsePattern } from './table-pattern.js'

/** Table names and patterns: their form, names given twice, and those that no scoped schema can hold. */
export function checkTables(tree: SpecTree): readonly Diagnostic[] {
  const byTable = [
    '/keyless/tables',
    '/scope/tables/row_filters',
    '/scope/tables/column_lists',
    '/scope/tables/operations',
  ]
  return [...byTable.flatMap((map) => checkKeys(tree, map)), ...checkPatterns(tree)]
}

/** Of a map by table. */
function checkKeys(tree: SpecTree, map: string): readonly Diagnostic[] {
  const tables = valueAt(tree, map)
  const setting = settingName(map)
  const seen = new Map<string, string>()
  return Object.keys(isMap(tables) ? tables : {}).flatMap((key) => {
    const place = placeOf(tree, childPointer(map, key))
    const at = place?.key ?? place?.value
    const parsed = parseQualified(key)
    if (parsed === undefined) return [badTable(setting.replaceAll('`', ''), key, at)]
    const canonical = quoteQualified(parsed.schema, parsed.name)
    const earlier = seen.get(canonical)
    seen.set(canonical, key)
    if (earlier !== undefined) {
      const message = `${setting} names the same table twice: ${shown(earlier)} and ${shown(key)}`
      return [specError('spec-duplicate-key', at, message, 'keep one of the two')]
    }
    return outsideScope(tree, (schema) => schema === parsed.schema, setting, key, at)
  })
}

function checkPatterns(tree: SpecTree): readonly Diagnostic[] {
  return ['/scope/tables/exclude', '/scope/tables/schema_only', '/scope/tables/with_rows'].flatMap((list) =>
    stringsAt(tree, list).flatMap(({ text, at: pointer }) => {
      const at = placeOf(tree, pointer)?.value
      const pattern = parsePattern(text)
      if (pattern === undefined) return [badTable(settingName(list).replaceAll('`', ''), text, at)]
      return outsideScope(tree, (schema) => covers(pattern.schema, schema), settingName(list), text, at)
    }),
  )
}

function outsideScope(
  tree: SpecTree,
  canHold: (schema: string) => boolean,
  setting: string,
  text: string,
  at: Diagnostic['at'],
): readonly Diagnostic[] {
  const schemas = stringsAt(tree, '/scope/schemas').map((s) => s.text)
  if (schemas.length === 0 || schemas.some(canHold)) return []
  const message = `${setting} names ${shown(text)}, but no schema in \`scope.schemas\` can hold it`
  return [specWarning('spec-outside-scope', at, message)]
}

/** The fix shows the readings of a name with capitals: folded as SQL does, and quoted; a schema in capitals is rarely meant. */
function badTable(setting: string, text: string, at: Diagnostic['at']): Diagnostic {
  const message = `\`${setting}\`: ${shown(text)} is no table name of the form schema.table`
  const dot = text.indexOf('.')
  if (text.includes('"') || dot <= 0 || dot === text.length - 1) {
    const hint =
      dot < 0 ? `add the schema: \`public.${text}\`` : 'quote each part as in SQL: `\'"My Schema"."My.Table"\'`'
    return specError('spec-table-name', at, message, hint)
  }
  const quoted = quotedPart(text.slice(0, dot)) + '.' + quotedPart(text.slice(dot + 1))
  const yaml = quoted.startsWith('"') ? `'${quoted.replaceAll("'", "''")}'` : quoted
  const lower = text.toLowerCase()
  if (lower !== text && parsePattern(lower) !== undefined) {
    const schema = text.slice(0, dot)
    const name = text.slice(dot + 1)
    const likely =
      schema === schema.toLowerCase() || name === name.toLowerCase()
        ? yaml
        : `${schema.toLowerCase()}.${quotedPart(name)}`
    const both = likely === yaml ? '' : ` (\`${yaml}\` if the schema has them too)`
    const fix = `write \`${likely}\` if the name has capitals${both}, \`${lower}\` if not`
    return specError('spec-table-name', at, `${message}: unquoted capitals are ambiguous`, fix)
  }
  return specError('spec-table-name', at, message, `quote as in SQL: \`${yaml}\``)
}

function quotedPart(part: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part}"`
}
