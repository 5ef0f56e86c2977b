import { isReservedWord } from './reserved-words.js'

/**
 * An identifier as it must stand in SQL: bare when Postgres would read it back unchanged, quoted otherwise.
 * The list of words is the union of what 12 to 18 reserve, so the text is valid on all of them.
 */
export function quoteIdent(name: string): string {
  if (name.includes('\u0000')) throw new RangeError('an identifier cannot hold a NUL byte')
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !isReservedWord(name)) return name
  return `"${name.replaceAll('"', '""')}"`
}

/** `schema.name`, each part quoted where needed. */
export function quoteQualified(schema: string, name: string): string {
  return `${quoteIdent(schema)}.${quoteIdent(name)}`
}

/** A string constant, correct whatever standard_conforming_strings says (E'' when it holds a backslash). */
export function quoteLiteral(value: string): string {
  if (value.includes('\u0000')) throw new RangeError('a string constant cannot hold a NUL byte')
  const doubled = value.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/** A value inside a libpq connection string (`key='value'`). */
export function quoteConninfo(value: string): string {
  if (value.includes('\u0000')) throw new RangeError('a connection string cannot hold a NUL byte')
  if (/^[A-Za-z0-9_./:@%+-]+$/.test(value)) return value
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
