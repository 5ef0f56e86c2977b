import { stringify } from 'yaml'
import { schemaPaths, type SchemaPath } from '../../../src/spec/schema-paths.js'
import type { SchemaNode } from '../../../src/spec/schema-file.js'

/** The key reference of docs/spec.md: one section for each setting of a migration, one row for each key in it. */
export function specReference(schema: SchemaNode): string {
  const paths = documentedPaths(schema)
  const sections = paths.filter(({ path }) => !/[.[]/.test(path))
  return sections
    .map(({ path, node }) => {
      const below = paths.filter((p) => p.path.startsWith(`${path}.`) || p.path.startsWith(`${path}[]`))
      const rows = below.length === 0 ? [{ path, node }] : below
      const intro = below.length === 0 ? [] : [node.description ?? '']
      return [`### \`${path}\``, ...intro, table(rows), ...choices(rows)].join('\n\n')
    })
    .join('\n\n')
}

/** The settings of a migration; what a secret reference consists of is explained once, in prose. */
export function documentedPaths(schema: SchemaNode): readonly SchemaPath[] {
  return schemaPaths(schema).filter(
    ({ path }) => !/^(defaults|migrations)/.test(path) && !/\.(url|password)\.(env|file|command)$/.test(path),
  )
}

function table(rows: readonly SchemaPath[]): string {
  const lines = rows.map(({ path, node }) =>
    [
      `\`${path}\``,
      typeOf(node),
      shownDefault(node),
      (node.description ?? '').replaceAll('|', '\\|'),
      example(path, node),
    ].join(' | '),
  )
  return [
    '| key | type | default | meaning | example |',
    '|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n')
}

function typeOf(node: SchemaNode): string {
  if (node.anyOf !== undefined)
    return node.description?.startsWith('A postgres') === true ? 'text or secret' : 'mode or map'
  if (node.enum !== undefined) return 'one of the words below'
  if (node.title !== undefined) return node.title
  if (node.type === 'object') return 'map'
  if (node.type === 'array') return 'list'
  return { string: 'text', integer: 'whole number', boolean: 'true or false' }[node.type ?? ''] ?? 'the number 1'
}

function shownDefault(node: SchemaNode): string {
  return node.default === undefined ? '' : `\`${flow(node.default)}\``
}

function example(path: string, node: SchemaNode): string {
  const [first] = node.examples ?? []
  if (first === undefined) return ''
  const text = `\`${flow(first)}\``
  return path.startsWith('target') ? text.replace('SOURCE_', 'TARGET_').replace('source-ca', 'target-ca') : text
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim().replaceAll('|', '\\|')
}

/** The words of each enum, once for all keys of a section that share them. */
function choices(rows: readonly SchemaPath[]): readonly string[] {
  const byWords = new Map<string, string[]>()
  for (const { path, node } of rows) {
    if (node.enum === undefined) continue
    const list = node.enum.map((word, index) => `- \`${word}\`${meaning(node.enumDescriptions?.[index])}`).join('\n')
    byWords.set(list, [...(byWords.get(list) ?? []), `\`${path}\``])
  }
  return [...byWords].map(([list, paths]) => `Words of ${paths.join(' and ')}:\n\n${list}`)
}

function meaning(text: string | undefined): string {
  return text === undefined ? '' : `: ${text}`
}
