import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type * as bundled from '../../../src/postgres/dump/bundled-dump.js'
import { dumpSchema } from '../../../src/postgres/dump/dump-schema.js'
import { findPgDump } from '../../../src/postgres/dump/find-pg-dump.js'
import { nativeDump } from '../../../src/postgres/dump/native-dump.js'
import { freshDatabase, sql } from '../../support/databases.js'
import { pgDumpFor } from '../../support/debian.js'
import { builtBelt } from '../../support/run-belt.js'
import { sharedServer } from '../../support/servers.js'
import { input, settings } from './tools.js'

const signal = (): AbortSignal => AbortSignal.timeout(240_000)

test('a pg_dump in the folders given is found and used', async () => {
  const database = await freshDatabase(await sharedServer(17))
  const program = await pgDumpFor(18)
  const request = input(settings(database), { serverMajor: 17, searchPath: [path.dirname(program)] })
  expect(await findPgDump(request.searchPath, signal(), [])).toEqual([
    { path: program, major: 18, minor: expect.any(Number), version: expect.stringMatching(/^18\.\d+$/) },
  ])
  expect((await dumpSchema(request, signal())).tool).toMatchObject({ kind: 'native' })
})

test('a forced program that is no pg_dump is refused', async () => {
  const database = await freshDatabase(await sharedServer(17))
  const request = input(settings(database), { pgDumpPath: '/bin/true' })
  await expect(dumpSchema(request, signal())).rejects.toMatchObject({ code: 'dump-tool' })
})

test('a server newer than every pg_dump is refused with what to install', async () => {
  const database = await freshDatabase(await sharedServer(18))
  const request = input(settings(database), { serverMajor: 97 })
  await expect(dumpSchema(request, signal())).rejects.toMatchObject({
    code: 'dump-tool',
    hint: expect.stringContaining('97'),
  })
})

test('a forced pg_dump that is too old says so', async () => {
  const database = await freshDatabase(await sharedServer(18))
  const request = input(settings(database), { pgDumpPath: await pgDumpFor(15) })
  await expect(dumpSchema(request, signal())).rejects.toMatchObject({
    code: 'dump-failed',
    hint: expect.stringContaining('newer than itself'),
  })
})

test('a pg_dump from before \\restrict lines works', async () => {
  const database = await freshDatabase(await sharedServer(13))
  await sql(database, 'create table t (a integer)')
  const program = { path: await pgDumpFor(13), major: 13, minor: 0, version: '13' }
  const { text } = await nativeDump(input(settings(database)), program, signal())
  expect(text).toContain('CREATE TABLE public.t')
  expect(text).not.toContain('\\restrict')
})

test('the compiled belt carries the bundled pg_dump and its thread', async () => {
  const database = await freshDatabase(await sharedServer(16))
  await sql(database, 'create table t (a integer)')
  const file = pathToFileURL(path.join(await builtBelt(), 'postgres/dump/bundled-dump.js')).href
  const built = (await import(/* @vite-ignore */ file)) as typeof bundled
  const { text, tool } = await built.bundledDump(input(settings(database)), signal())
  expect(tool.kind).toBe('bundled')
  expect(text).toContain('CREATE TABLE public.t')
})
