import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { anchors, pages, prose, readPage } from './markdown.js'
import { ROOT } from './source.js'

interface Link {
  readonly page: string
  readonly file: string
  readonly anchor: string | undefined
}

/** Links to files of the repository, relative to the page. */
function links(): readonly Link[] {
  return pages().flatMap((page) =>
    [...prose(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => {
        const [file = '', anchor] = target.split('#')
        return { page, file: file === '' ? page : path.posix.join(path.posix.dirname(page), file), anchor }
      }),
  )
}

describe('links of the handbook', () => {
  test('lead to a file that is there', () => {
    expect(links().length).toBeGreaterThan(40)
    const dead = links().filter(({ file }) => !existsSync(path.join(ROOT, file)))
    expect(dead.map(({ page, file }) => `${page}: ${file}`)).toEqual([])
  })

  test('lead to a heading that is there', () => {
    const lost = links().filter(
      ({ file, anchor }) =>
        anchor !== undefined && file.endsWith('.md') && existsSync(path.join(ROOT, file)) && !anchors(readPage(file)).has(anchor),
    )
    expect(lost.map(({ page, file, anchor }) => `${page}: ${file}#${anchor ?? ''}`)).toEqual([])
  })

  test('every page of docs can be reached from the README', () => {
    const reached = new Set(['README.md'])
    for (let size = 0; size !== reached.size; ) {
      size = reached.size
      for (const { page, file } of links()) if (reached.has(page) && file.endsWith('.md')) reached.add(file)
    }
    expect(pages().filter((page) => !reached.has(page))).toEqual([])
  })
})
