import type { ErrorCode } from 'yaml'

/** What a YAML error means to somebody who does not know YAML's grammar, and what to do. */
export function explainYaml(code: ErrorCode, message: string): { readonly message: string; readonly fix?: string } {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { message: 'this key stands twice in the same map', fix: 'keep one of the two' }
    case 'TAB_AS_INDENT':
      return { message: 'a tab indents this line; YAML allows only spaces', fix: 'replace the tab by spaces' }
    case 'MULTIPLE_DOCS':
      return {
        message: 'a second YAML document begins here; belt reads one document per file',
        fix: 'put many migrations into one document under `migrations:`',
      }
    case 'BAD_SCALAR_START':
      return { message: lowerFirst(message), fix: 'put the value in quotes' }
    case 'BAD_INDENT':
      return unclosed(message) ?? { message: `the indentation does not fit: ${lowerFirst(message)}` }
    case 'RESOURCE_EXHAUSTION':
      return { message: 'this is nested too deeply to be a spec' }
    case 'TAG_RESOLVE_FAILED':
      return { message: `belt does not use YAML tags: ${lowerFirst(message)}`, fix: 'remove the tag' }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'a nested map cannot stand on the same line as its key',
        fix: 'begin it on the next line, indented',
      }
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: 'a key must stand on one line and be followed by `: `' }
    case 'ALIAS_PROPS':
    case 'BAD_ALIAS':
    case 'BAD_COLLECTION_TYPE':
    case 'BAD_DIRECTIVE':
    case 'BAD_DQ_ESCAPE':
    case 'BAD_PROP_ORDER':
    case 'BLOCK_IN_FLOW':
    case 'IMPOSSIBLE':
    case 'KEY_OVER_1024_CHARS':
    case 'MISSING_CHAR':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'NON_STRING_KEY':
    case 'UNEXPECTED_TOKEN':
      return { message: lowerFirst(message) }
    default:
      return unknownCode(code, message)
  }
}

function unclosed(message: string): { readonly message: string } | undefined {
  const bracket = /end with a ([\]}])/.exec(message)?.[1]
  if (bracket === undefined) return undefined
  return { message: `\`${bracket}\` is missing: what \`${bracket === ']' ? '[' : '{'}\` opened does not end here` }
}

function unknownCode(_code: never, message: string): { readonly message: string } {
  return { message: lowerFirst(message) }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
