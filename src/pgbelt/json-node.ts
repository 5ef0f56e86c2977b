/** Where a value begins, 1-based, columns in UTF-16 units as editors count. */
export interface JsonPlace {
  readonly line: number
  readonly column: number
}

export interface JsonMember {
  readonly key: string
  readonly keyAt: JsonPlace
  readonly value: JsonNode
}

/** A JSON value with the place where it stands. */
export type JsonNode =
  | { readonly is: 'object'; readonly at: JsonPlace; readonly members: readonly JsonMember[] }
  | { readonly is: 'array'; readonly at: JsonPlace; readonly items: readonly JsonNode[] }
  | { readonly is: 'string'; readonly at: JsonPlace; readonly text: string }
  | { readonly is: 'number'; readonly at: JsonPlace; readonly value: number }
  | { readonly is: 'boolean'; readonly at: JsonPlace }
  | { readonly is: 'null'; readonly at: JsonPlace }

/** Text that is no JSON: what was expected, and where. Never what stands there, which may be a password. */
export interface JsonFault {
  readonly at: JsonPlace
  readonly expected: string
}
