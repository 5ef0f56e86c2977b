import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../../src/spec/load.js'
import type { ReadHookFile } from '../../../src/spec/read-hook-files.js'
import { context, loadGood, MINIMAL, withLines } from './load-text.js'
import { describeRefusals } from './refusals.js'

describe('hooks', () => {
  test('load with their defaults, in the order in which they run', async () => {
    const { hooks } = await loadGood(
      withLines(
        'hooks:',
        '  after_open:',
        '    - { name: dns, command: [flip, "a b"], handover: cutover, timeout: 2min }',
        '  before_fence:',
        '    - { name: pause, command: [./pooler, pause] }',
        '    - { name: warm, sql: warm.sql, on: target }',
      ),
    )
    expect(hooks).toEqual([
      {
        name: 'pause',
        moment: 'before_fence',
        handover: 'both',
        timeoutMs: 30_000,
        run: { command: ['./pooler', 'pause'] },
        specPath: 'hooks.before_fence.0',
      },
      {
        name: 'warm',
        moment: 'before_fence',
        handover: 'both',
        timeoutMs: 30_000,
        run: { sql: 'warm.sql', on: 'target' },
        specPath: 'hooks.before_fence.1',
      },
      {
        name: 'dns',
        moment: 'after_open',
        handover: 'cutover',
        timeoutMs: 120_000,
        run: { command: ['flip', 'a b'] },
        specPath: 'hooks.after_open.0',
      },
    ])
  })

  test('hold what their files hold, and only of files that are named by a path', async () => {
    const asked: string[] = []
    const readHookFile: ReadHookFile = async (path, what) => {
      asked.push(`${what} ${path}`)
      return Promise.resolve({ digest: 'abc', statements: what === 'sql' ? ['select 1'] : [] })
    }
    const text = withLines(
      'hooks:',
      '  before_open:',
      '    - { name: a, sql: sql/warm.sql, on: target }',
      '    - { name: b, command: [bin/x, z] }',
      '    - { name: c, command: [curl, z] }',
    )
    const { spec } = await loadSpec(text, 'belt.yaml', { ...context(), readHookFile })
    expect(asked).toEqual(['sql /specs/sql/warm.sql', 'program /specs/bin/x'])
    expect(spec?.hooks.map((h) => h.file)).toEqual([
      { digest: 'abc', statements: ['select 1'] },
      { digest: 'abc', statements: [] },
      undefined,
    ])
    const bare = await loadSpec(text, 'belt.yaml', context())
    expect(spec?.digest).toBe(bare.spec?.digest)
  })

  test('whose file is not there are an error at the place that names it', async () => {
    const readHookFile: ReadHookFile = async () => Promise.resolve({ problem: 'is not there', fix: 'look' })
    const text = withLines('hooks:', '  before_open:', '    - { name: a, on: target, sql: warm.sql }')
    const { spec, diagnostics } = await loadSpec(text, 'belt.yaml', { ...context(), readHookFile })
    expect(spec).toBeUndefined()
    expect(diagnostics).toMatchObject([
      { code: 'spec-hook-file', message: 'hook a: warm.sql is not there', fix: 'look', at: { line: 16, column: 35 } },
    ])
  })

  test('beside which nothing changes', async () => {
    const plain = await loadGood(MINIMAL)
    expect(plain.hooks).toEqual([])
    expect((await loadGood(withLines('hooks: {}'))).digest).toBe(plain.digest)
  })
})

const hook = (text: string): string => withLines('hooks:', '  after_fence:', `    - ${text}`)

describeRefusals('a hook is refused', [
  ['without anything to run', hook('{ name: a }'), 'spec-missing-key', '16:7', /nothing to run.*\n.*`command: \[/],
  ['with two things to run', hook('{ name: a, command: [x], sql: z }'), 'spec-conflict', '16:32', /two hooks/],
  ['with SQL for no side', hook('{ name: a, sql: x.sql }'), 'spec-missing-key', '16:18', /on: source/],
  ['with a side for a command', hook('{ name: a, command: [x], on: source }'), 'spec-conflict', '16:32', /remove/],
  ['as a shell line', hook('{ name: a, command: "x y" }'), 'spec-type', '16:27', /list/],
  ['without a name', hook('{ command: [x] }'), 'spec-missing-key', '16:7', /name/],
  ['with a name of blanks', hook('{ name: "a b", command: [x] }'), 'spec-value', '16:15', /name/],
  ['without time', hook('{ name: a, command: [x], timeout: 1ms }'), 'spec-value', '16:41', /100ms and 1h/],
  ['for no handover', hook('{ name: a, command: [x], handover: finalized }'), 'spec-enum', '16:42', /rollback/],
  [
    'twice at one moment',
    withLines('hooks:', '  after_open:', '    - { name: a, command: [x] }', '    - { name: a, command: [z] }'),
    'spec-duplicate-key',
    '17:15',
    /called `a`/,
  ],
  [
    'at a moment that there is not',
    withLines('hooks:', '  before_fench: [{ name: a, command: [x] }]'),
    'spec-unknown-key',
    '15:3',
    /before_fence/,
  ],
])
