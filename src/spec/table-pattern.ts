import { isBareName, splitDotted, type NamePart } from '../core/qualified-name.js'

/** A `schema.table` pattern: `*` outside quotes stands for any run of characters, quoted parts are literal. */
export interface TablePattern {
  readonly schema: PartPattern
  readonly name: PartPattern
}

/** The literal pieces between the wildcards: one piece means that there is none. */
type PartPattern = readonly string[]

/** Undefined when the text is not two parts with a dot between, or an unquoted part is not a bare name with `*`. */
export function parsePattern(text: string): TablePattern | undefined {
  const parts = splitDotted(text)
  const [schema, name] = parts ?? []
  if (parts?.length !== 2 || schema === undefined || name === undefined) return undefined
  if (![schema, name].every(isPatternPart)) return undefined
  return { schema: toPieces(schema), name: toPieces(name) }
}

/** Whether the pattern covers the table; a text that is no pattern covers nothing (the loader has refused it). */
export function matchesPattern(pattern: string, schema: string, name: string): boolean {
  const parsed = parsePattern(pattern)
  return parsed !== undefined && covers(parsed.schema, schema) && covers(parsed.name, name)
}

/** Whether one part of a pattern covers a name. Each piece is taken where it first fits: no backtracking. */
export function covers(pieces: PartPattern, name: string): boolean {
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  if (pieces.length === 1) return name === first
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let from = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, from)
    if (found < 0) return false
    from = found + piece.length
  }
  return from <= name.length - last.length
}

function isPatternPart(part: NamePart): boolean {
  return part.quoted || isBareName(part.text.replace(/^\*/, '_').replaceAll('*', ''))
}

function toPieces({ text, quoted }: NamePart): PartPattern {
  return quoted ? [text] : text.split(/\*+/)
}
