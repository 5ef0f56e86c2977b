import { isMap, isNode, isScalar, parseDocument, visit, type Document, type Pair } from 'yaml'

const SECRET_KEY = /pass|pwd|secret|token/i

/**
 * A spec's text with everything that may be a secret replaced by `*`, lengths and line breaks kept, so that
 * a code frame of a wrong spec does not print the password that made it wrong.
 */
export function maskSecrets(text: string): string {
  const masked = maskConnectionStrings(text)
  const document = parseQuietly(text)
  if (document === undefined || document.errors.length > 0) return maskByLine(masked)
  return secretRanges(document).reduce(
    (current, [from, to]) => current.slice(0, from) + stars(current.slice(from, to)) + current.slice(to),
    masked,
  )
}

function maskConnectionStrings(text: string): string {
  const keep = (_: string, before: string, secret: string): string => before + stars(secret)
  return text
    .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#@:]*:)([^\s]+)(?=@)/gi, keep)
    .replace(/((?:^|[\s'"?&;])(?:ssl)?password\s*=\s*)('[^'\n]*'|[^\s&;'"]+)/gi, keep)
}

/** Where YAML is too broken to tell where a value ends, the rest of the line goes. */
function maskByLine(text: string): string {
  return text.replace(
    /(\w{0,30}(?:pass|pwd|secret|token)\w{0,30}["']?[ \t]*:[ \t]+)(?!\$\{env:\w+\})([^\s{][^\n]*)/gi,
    (_, before: string, secret: string) => before + stars(secret),
  )
}

type Range = readonly [from: number, to: number]

function secretRanges(document: Document): readonly Range[] {
  const ranges: Range[] = []
  visit(document, {
    Pair: (_, pair) => {
      if (isScalar(pair.key) && SECRET_KEY.test(String(pair.key.value))) ranges.push(...rangesOf(pair))
    },
  })
  return ranges
}

/** Scalars at a key that sounds secret, but for the words that make a reference. */
function rangesOf(pair: Pair): readonly Range[] {
  if (isMap(pair.value)) return pair.value.items.filter((item) => !isReference(item)).flatMap(rangesOf)
  const ranges: Range[] = []
  if (!isNode(pair.value)) return ranges
  visit(pair.value, {
    Scalar: (_, node) => {
      if (node.range && !/^\$\{env:\w+\}$/.test(String(node.value))) ranges.push([node.range[0], node.range[1]])
    },
  })
  return ranges
}

function isReference({ key, value }: Pair): boolean {
  const word = isScalar(key) ? key.value : undefined
  if (word === 'env') return isScalar(value) && /^[A-Za-z_]\w*$/.test(String(value.value))
  return word === 'file' || word === 'command'
}

function parseQuietly(text: string): Document | undefined {
  try {
    return parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function stars(text: string): string {
  return text.replace(/[^\n\r]/g, '*')
}
