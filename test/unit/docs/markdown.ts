import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './source.js'

/** Every handbook page: the root's and those under docs. */
export function pages(): readonly string[] {
  const inside = (folder: string): readonly string[] =>
    readdirSync(path.join(ROOT, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.posix.join(folder, name))
  return [...inside('.'), ...inside('docs')].sort()
}

export function readPage(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8')
}

/** The cells of every row of every table whose first cell is one `code`, by that code. */
export function rowsByCode(text: string): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>()
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|') ? cellsOf(line) : []
    const code = /^`([a-z0-9][a-z0-9-]*)`$/.exec(cells[0] ?? '')?.[1]
    if (code === undefined) continue
    if (rows.has(code)) throw new Error(`two rows for ${code}`)
    rows.set(code, cells.slice(1))
  }
  return rows
}

function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** The text without fenced code. */
export function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '')
}

/** The bodies of fenced code of one language. */
export function fences(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].filter((m) => m[1] === language).map((m) => m[2] ?? '')
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchors(text: string): ReadonlySet<string> {
  const headings = [...prose(text).matchAll(/^#{1,6} (.+)$/gm)].map((m) => m[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}
