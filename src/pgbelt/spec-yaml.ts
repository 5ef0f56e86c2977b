import { Document, isScalar, visit } from 'yaml'
import type { SpecData, SpecValue } from './to-spec.js'

/** Migrations as the text of one spec file: the keys of one at the top, or `defaults` and `migrations`. */
export function specYaml(migrations: readonly SpecData[], files: readonly string[]): string {
  const [only] = migrations
  const data = migrations.length === 1 && only !== undefined ? { version: 1, ...only } : many(migrations)
  const document: Document = new Document(data)
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || typeof node.value !== 'string') return
      // `${` begins a variable in a spec.
      const text = node.value.replaceAll('${', () => '$${')
      node.value = text
      node.type = isPlain(text) ? 'PLAIN' : text.includes('"') ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE'
    },
    // Short maps and lists on one line, as people write specs.
    Map: (_, node) => {
      if (node.items.length <= 2 && node.items.every((pair) => !isBranching(pair.value))) node.flow = true
    },
    Seq: (_, node) => {
      node.flow = node.items.every((item) => isScalar(item)) && node.items.length <= 8
    },
  })
  const origin = files.map((file) => `# From ${JSON.stringify(file)}\n`).join('')
  return `${origin}${document.toString({ lineWidth: 0, flowCollectionPadding: true })}`
}

/** What all migrations share stands once. */
function many(migrations: readonly SpecData[]): object {
  const [first = {}] = migrations
  const shared = Object.entries(first).filter(([key, value]) => migrations.every((m) => same(m[key], value)))
  const names = new Set(shared.map(([key]) => key))
  return {
    version: 1,
    ...(shared.length === 0 ? {} : { defaults: Object.fromEntries(shared) }),
    migrations: migrations.map((m) => Object.fromEntries(Object.entries(m).filter(([key]) => !names.has(key)))),
  }
}

function same(a: SpecValue | undefined, b: SpecValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isBranching(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'items' in value &&
    Array.isArray(value.items) &&
    value.items.length > 2
  )
}

/** A word that every reader of YAML takes for the same text. */
function isPlain(text: string): boolean {
  return /^[A-Za-z_][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n|_+)$/i.test(text)
}
