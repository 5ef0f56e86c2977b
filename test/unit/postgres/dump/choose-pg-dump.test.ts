import { describe, expect, test } from 'vitest'
import { choosePgDump, parsePgDumpVersion, type PgDumpProgram } from '../../../../src/postgres/dump/choose-pg-dump.js'

const program = (major: number, minor = 0): PgDumpProgram => ({
  path: `/v${String(major)}.${String(minor)}/pg_dump`,
  major,
  minor,
  version: `${String(major)}.${String(minor)}`,
})

test.each([
  ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n', { version: '15.18', major: 15, minor: 18 }],
  ['pg_dump (PostgreSQL) 9.6.24\n', { version: '9.6', major: 9, minor: 6 }],
  ['pg_dump (PostgreSQL) 19devel\n', { version: '19devel', major: 19, minor: 0 }],
  ['pg_dump (PostgreSQL) 18beta1\n', { version: '18beta1', major: 18, minor: 0 }],
  ['pg_restore (PostgreSQL) 15.1\n', undefined],
  ['', undefined],
])('%j', (line, expected) => {
  expect(parsePgDumpVersion(line)).toEqual(expected)
})

describe('of several pg_dump', () => {
  test.each([
    { found: [13, 15, 17, 18], server: 15, other: 17, chosen: 18 },
    { found: [13, 17], server: 15, other: 17, chosen: undefined },
    { found: [13, 18, 19], server: 13, other: 14, chosen: 18 },
    { found: [18, 19], server: 19, other: 17, chosen: 19 },
    { found: [18, 20], server: 18, other: 19, chosen: 20 },
    { found: [17, 18], server: 18, other: 19, chosen: 18 },
    { found: [18], server: 19, other: 18, chosen: undefined },
    { found: [], server: 15, other: 17, chosen: undefined },
  ])('$found reads $server for $other with $chosen', ({ found, server, other, chosen }) => {
    expect(
      choosePgDump(
        found.map((major) => program(major)),
        18,
        server,
        other,
      )?.major,
    ).toBe(chosen)
  })

  test('the newest minor of a major is taken', () => {
    expect(choosePgDump([program(18, 2), program(18, 11), program(18, 9)], 18, 17)?.version).toBe('18.11')
  })
})
