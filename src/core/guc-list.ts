import { quoteIdent, quoteLiteral } from './quote.js'

/** Settings whose stored value is a list of names (GUC_LIST_QUOTE), as pg_dump knows them for 12 to 18. */
const LISTS: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

/**
 * The right-hand side of `SET name = …` for a value as pg_db_role_setting stores it. A list must become one constant
 * an element: as a single constant `"$user", public` would name one odd schema.
 */
export function settingValueSql(name: string, stored: string): string {
  if (!LISTS.has(name.toLowerCase())) return quoteLiteral(stored)
  const elements = splitNameList(stored)
  return elements.length === 0 ? "''" : elements.map(quoteLiteral).join(', ')
}

/** Splits `"$user", public` into its names; a doubled quote inside quotes stands for one. */
export function splitNameList(text: string): readonly string[] {
  const names: string[] = []
  const element = /\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/gy
  while (element.lastIndex < text.length) {
    const match = element.exec(text)
    if (!match) return [text]
    names.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'))
  }
  return names
}

/** A setting's name in SQL; each part of a custom setting (`myapp.tenant`) is an identifier of its own. */
export function settingNameSql(name: string): string {
  return name.split('.').map(quoteIdent).join('.')
}
