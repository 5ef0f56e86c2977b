import { describe, expect, test } from 'vitest'
import ts from 'typescript'
import { EXIT } from '../../../src/cli/exit-codes.js'
import { loadGood } from '../spec/load-text.js'
import { fences, pages, prose, readPage } from './markdown.js'
import { everyNode, parsedSources } from './source.js'

/** Names of the commands that hang directly on `program`. */
function commands(): readonly string[] {
  const names: string[] = []
  for (const file of parsedSources('src/cli/commands')) {
    everyNode(file, (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return
      const { name, expression } = node.expression
      const [text] = node.arguments
      if (name.text !== 'command' || expression.getText() !== 'program' || text === undefined) return
      if (ts.isStringLiteral(text)) names.push(text.text)
    })
  }
  return names.sort()
}

describe('README.md', () => {
  test('lists every command, and no other', () => {
    const listed = [...readPage('README.md').matchAll(/^\| `belt ([a-z]+)` \|/gm)].map((match) => match[1])
    expect(commands()).toContain('plan')
    expect(listed.sort()).toEqual(commands())
  })

  test.each(['README.md', 'docs/errors.md'])('%s lists every exit code, and no other', (page) => {
    const rows = [...readPage(page).matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap((match) => (match[1] ?? '').split(', '))
    expect(rows.map(Number)).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })
})

test('no page shows a command that belt does not have', () => {
  const known = new Set([...commands(), 'help'])
  const shown = pages()
    .filter((page) => page !== 'docs/from-pgbelt.md')
    .flatMap((page) => {
      const lines = [...readPage(page).matchAll(/^(?:\$ |.*&& )(?:npx )?belt ([a-z-]+)/gm)]
      const inline = [...prose(readPage(page)).matchAll(/`belt ([a-z-]+)[^`]*`/g)]
      return [...lines, ...inline].map((match) => ({ page, command: match[1] ?? '' }))
    })
  expect(shown.length).toBeGreaterThan(30)
  expect(shown.filter(({ command }) => !known.has(command))).toEqual([])
})

test('the spec of the quickstart loads without a word', async () => {
  const [text = ''] = fences(readPage('docs/quickstart.md'), 'yaml')
  const spec = await loadGood(text)
  expect([spec.stage, spec.roles.copy]).toEqual(['prepared', ['shop_app', 'shop_reporting']])
})
