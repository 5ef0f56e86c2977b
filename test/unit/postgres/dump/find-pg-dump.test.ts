import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findPgDump } from '../../../../src/postgres/dump/find-pg-dump.js'

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'find-'))
  onTestFinished(() => rm(made, { recursive: true }))
  return made
}

async function program(file: string, script: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

const signal = (): AbortSignal => AbortSignal.timeout(50_000)

test('finds programs in given folders and by pattern, each once, and skips what is none', async () => {
  const root = await folder()
  const seventeen = await program(`${root}/postgresql/17/bin/pg_dump`, 'echo "pg_dump (PostgreSQL) 17.2"')
  const fifteen = await program(`${root}/pgsql-15/bin/pg_dump`, 'echo "pg_dump (PostgreSQL) 15.4 (Distribution)"')
  await program(`${root}/postgresql/13/bin/pg_dump`, 'exit 127')
  await program(`${root}/postgresql/12/bin/pg_dump`, 'echo "something else 12.1"')
  await writeFile(`${root}/pg_dump`, 'not executable')
  await mkdir(`${root}/links`)
  await symlink(seventeen, `${root}/links/pg_dump`)
  const found = await findPgDump([`${root}/links`, root, `${root}/missing`, 'relative'], signal(), [
    `${root}/postgresql/*/bin`,
    `${root}/pgsql-*/bin`,
    `${root}/nowhere/*/bin`,
  ])
  expect(found).toEqual([
    { path: `${root}/links/pg_dump`, major: 17, minor: 2, version: '17.2' },
    { path: fifteen, major: 15, minor: 4, version: '15.4' },
  ])
})

test('skips the wrapper that picks a version by its own rules', async () => {
  const root = await folder()
  const wrapper = await program(`${root}/share/pg_wrapper`, 'echo "pg_dump (PostgreSQL) 17.2"')
  await symlink(wrapper, `${root}/pg_dump`)
  expect(await findPgDump([root], signal(), [])).toEqual([])
})

test('an abort is not taken for "there is none"', async () => {
  const root = await folder()
  await program(`${root}/pg_dump`, 'exec sleep 30')
  await expect(findPgDump([root], AbortSignal.timeout(100), [])).rejects.toMatchObject({ code: 'aborted' })
})
