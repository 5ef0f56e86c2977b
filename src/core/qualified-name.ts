/** A schema-qualified name, each part as the catalogs hold it. */
export interface QualifiedName {
  readonly schema: string
  readonly name: string
}

/** One part of a dotted name as written: `text` with quotes removed. */
export interface NamePart {
  readonly text: string
  readonly quoted: boolean
}

/**
 * Reads `schema.name` as it would stand in SQL. An unquoted part holds lower-case letters, digits, `_` and `$`:
 * capitals are refused rather than folded, because `public.AuditLog` may mean either table.
 */
export function parseQualified(text: string): QualifiedName | undefined {
  const parts = splitDotted(text)
  const [schema, name] = parts ?? []
  if (parts?.length !== 2 || schema === undefined || name === undefined) return undefined
  if (![schema, name].every((part) => part.quoted || isBareName(part.text))) return undefined
  return { schema: schema.text, name: name.text }
}

/** True when SQL reads the unquoted text back as the same name (reserved words apart). */
export function isBareName(text: string): boolean {
  return /^[a-z_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*$/.test(text)
}

/** Splits at the dots outside quotes; undefined when quotes are unbalanced, misplaced or around nothing. */
export function splitDotted(text: string): readonly NamePart[] | undefined {
  const parts: NamePart[] = []
  const one = /(?:"((?:[^"\u0000]|"")+)"|([^".\u0000]+))(\.|$)/uy
  while (one.lastIndex < text.length) {
    const match = one.exec(text)
    if (match === null) return undefined
    const [, quoted, bare, end] = match
    parts.push(
      quoted === undefined ? { text: bare ?? '', quoted: false } : { text: quoted.replaceAll('""', '"'), quoted: true },
    )
    if (end === '') return parts
  }
  return undefined
}
