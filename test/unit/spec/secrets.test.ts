import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BeltError } from '../../../src/core/error.js'
import { maskSecrets } from '../../../src/spec/mask-secrets.js'
import { resolveSecret, type ResolveSecretOptions } from '../../../src/spec/resolve-secret.js'
import type { SecretReference } from '../../../src/spec/spec.js'
import { load, MINIMAL, report, withLines } from './load-text.js'

const PLANTED = 'hunter2-planted'
const secretRow = (what: string, text: string): readonly [string, string] => [what, text]

describe('a password in the spec', () => {
  test.each([
    secretRow('as the replication password', MINIMAL.replace('{ env: REPLICATION_PASSWORD }', PLANTED)),
    secretRow('in quotes', MINIMAL.replace('{ env: REPLICATION_PASSWORD }', `"${PLANTED}"`)),
    secretRow(
      'on lines of its own',
      MINIMAL.replace('{ password: { env: REPLICATION_PASSWORD } }', `\n    password: |\n      ${PLANTED}`),
    ),
    secretRow('through ${env:}', MINIMAL.replace('{ env: REPLICATION_PASSWORD }', '"${env:PLANTED}"')),
    secretRow(
      'behind an alias',
      MINIMAL.replace('roles:', `scope: { schemas: [&p ${PLANTED}] }\nroles:`).replace(
        '{ env: REPLICATION_PASSWORD }',
        '*p',
      ),
    ),
    secretRow('in a list', MINIMAL.replace('{ env: REPLICATION_PASSWORD }', `[${PLANTED}]`)),
    secretRow(
      'as the admin password',
      MINIMAL.replace('{ user: postgres }', `{ user: postgres, password: ${PLANTED} }`),
    ),
    secretRow('in a URL', MINIMAL.replace(/source:\n( {2}.*\n)+/, `source: { url: "postgres://u:${PLANTED}@h/db" }\n`)),
    secretRow(
      'in a URL through ${env:}',
      MINIMAL.replace(/source:\n( {2}.*\n)+/, 'source: { url: "postgres://u:${env:PLANTED}@h/db" }\n'),
    ),
    secretRow(
      'in a parameter of a URL',
      MINIMAL.replace(/source:\n( {2}.*\n)+/, `source: { url: "postgres://u@h/db?password=${PLANTED}" }\n`),
    ),
    secretRow('in a connection string', MINIMAL.replace('source.internal', `"host=h password=${PLANTED} dbname=x"`)),
    secretRow('in a connection string through ${env:}', MINIMAL.replace('source.internal', '${env:DSN}')),
    secretRow('in a URL for a host', MINIMAL.replace('source.internal', `postgres://u:${PLANTED}@h/db`)),
    secretRow(
      'in a reason',
      withLines(`approve: [{ hazard: leftover, action: a, reason: "password=${PLANTED}", until: 2026-01-01 }]`),
    ),
  ])('%s is refused and never repeated', async (_, text) => {
    const { spec, diagnostics } = await load(text, { PLANTED, DSN: `host=h password=${PLANTED}` })
    expect(spec).toBeUndefined()
    const shown = report(text, diagnostics)
    expect(
      diagnostics.map((d) => d.code),
      shown,
    ).toEqual(['spec-literal-secret'])
    expect(shown + JSON.stringify(diagnostics)).not.toContain(PLANTED)
  })

  test.each([
    secretRow(
      'under a misspelt key',
      MINIMAL.replace('password: { env: REPLICATION_PASSWORD }', `passwrd: ${PLANTED}`),
    ),
    secretRow('as the name of its variable', MINIMAL.replace('REPLICATION_PASSWORD', `"${PLANTED}"`)),
    secretRow('under a key of its own', MINIMAL.replace('env: REPLICATION_PASSWORD', `value: ${PLANTED}`)),
    secretRow(
      'beside another mistake on its line',
      MINIMAL.replace('{ user: postgres }', `{ user: no, password: ${PLANTED} }`),
    ),
    secretRow(
      'where the YAML is broken',
      MINIMAL.replace('{ user: postgres }', `{ user: postgres, password: ${PLANTED}`),
    ),
    secretRow(
      'in a URL without a scheme belt knows',
      MINIMAL.replace(/source:\n( {2}.*\n)+/, `source: { url: "mysql://u:${PLANTED}@h/db" }\n`),
    ),
  ])('%s is not repeated', async (_, text) => {
    const { spec, diagnostics } = await load(text)
    expect(spec).toBeUndefined()
    expect(diagnostics).not.toEqual([])
    expect(report(text, diagnostics) + JSON.stringify(diagnostics)).not.toContain(PLANTED)
  })

  test('is masked in place: length, lines and everything else of the text stay', () => {
    const text = `a: x # password: why\npassword: { env: NAME }\nurl: postgres://u:${PLANTED}@h/db\nmax_pause: 1s\n`
    const masked = maskSecrets(text)
    expect(masked).toBe(text.replace(PLANTED, '*'.repeat(PLANTED.length)))
  })
})

/** A zombie that nobody has waited for yet has ended, too. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('resolving a secret', () => {
  let folder = ''
  let options: ResolveSecretOptions
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'belt-secret-'))
    options = {
      env: { PATH: process.env['PATH'], SECRET: PLANTED, EMPTY: '', URL: `postgres://u:p%40${PLANTED}@h/db` },
      baseDir: folder,
    }
    await writeFile(join(folder, 'secret'), `${PLANTED}\r\n`)
    await writeFile(join(folder, 'empty'), '\n')
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  const reveal = async (reference: SecretReference): Promise<string> =>
    (await resolveSecret(reference, options)).reveal()

  test('from the environment, a file, a command and a URL, without newlines at the end', async () => {
    expect(await reveal({ env: 'SECRET' })).toBe(PLANTED)
    expect(await reveal({ file: join(folder, 'secret') })).toBe(PLANTED)
    expect(await reveal({ command: ['cat', 'secret'] })).toBe(PLANTED)
    expect(await reveal({ command: ['printf', '%s', '$SECRET; a  b'] })).toBe('$SECRET; a  b')
    expect(await reveal({ urlOf: { env: 'URL' } })).toBe(`p@${PLANTED}`)
  })

  test('the result prints as [secret]', async () => {
    const secret = await resolveSecret({ env: 'SECRET' }, options)
    expect(
      [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true }), secret.toString()].join(),
    ).not.toContain(PLANTED)
  })

  const failure = async (reference: SecretReference, more: Partial<ResolveSecretOptions> = {}): Promise<BeltError> => {
    const error: unknown = await resolveSecret(reference, { ...options, ...more }).catch((e: unknown) => e)
    if (!(error instanceof BeltError)) throw new Error('expected a BeltError', { cause: error })
    expect(inspect(error, { depth: 10 })).not.toContain(PLANTED)
    return error
  }

  test.each<readonly [string, SecretReference, RegExp]>([
    ['an unset variable', { env: 'SECERT' }, /SECERT is not set; did you mean `SECRET`/],
    ['an empty variable', { env: 'EMPTY' }, /is empty/],
    ['a missing file', { file: '/nowhere/secret' }, /\/nowhere\/secret: ENOENT/],
    ['an unknown program', { command: ['no-such-program'] }, /no-such-program was not found/],
    [
      'a failing command',
      { command: ['sh', '-c', `echo ${PLANTED}; echo ${PLANTED} >&2; exit 3`] },
      /exited with code 3/,
    ],
    ['a command that prints nothing', { command: ['true'] }, /is empty/],
    ['a command that floods', { command: ['sh', '-c', 'yes | head -c 1000000'] }, /more than 65536 bytes/],
    ['a URL without password', { urlOf: { command: ['echo', 'postgres://u@h/db'] } }, /no password/],
    ['a URL that is none', { urlOf: { env: 'SECRET' } }, /does not begin with postgres/],
  ])('%s is named', async (_, reference, words) => {
    const error = await failure(reference)
    expect(error.code).toBe('secret-unresolved')
    expect(error.message).toMatch(words)
    expect(error.hint).toMatch(/./)
  })

  test('a command that never ends is ended, and its children with it', async () => {
    const pid = join(folder, 'pid')
    const error = await failure(
      { command: ['sh', '-c', `sleep 1000 & echo $! > "${pid}"; wait`] },
      { commandTimeoutMs: 2_000 },
    )
    expect(error.message).toMatch(/did not finish within 2 seconds/)
    const child = Number(await readFile(pid, 'utf8'))
    await expect.poll(() => isRunning(child)).toBe(false)
  })

  test('a command that asks for input gets none', async () => {
    expect((await failure({ command: ['cat'] })).message).toMatch(/is empty/)
  })

  test('an abort ends a running command with the reason given', async () => {
    const stop = new AbortController()
    const running = resolveSecret({ command: ['sleep', '20'] }, { ...options, signal: stop.signal })
    setTimeout(() => {
      stop.abort(new Error('stopped by the user'))
    }, 50)
    await expect(running).rejects.toThrow('stopped by the user')
  })
})
