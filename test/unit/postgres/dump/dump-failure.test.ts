import { expect, test } from 'vitest'
import { Secret } from '../../../../src/core/secret.js'
import { dumpFailure } from '../../../../src/postgres/dump/dump-failure.js'
import { SecretRegistry } from '../../../../src/postgres/redact.js'

const said = (text: string): Error & { readonly hint?: string | undefined } =>
  dumpFailure('pg_dump 17.2', text, new SecretRegistry())

test.each([
  ['pg_dump: error: query failed: ERROR:  permission denied for table orders', 'pg_read_all_data'],
  ['pg_dump: error: query failed: ERROR:  permission denied for schema app', 'USAGE'],
  ['pg_dump: error: aborting because of server version mismatch', 'newer than itself'],
  ['pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout', 'pg_blocking_pids'],
  ['pg_dump: error: query failed: ERROR:  invalid snapshot identifier: "x"', 'plan again'],
  ['pg_dump: error: query failed: server closed the connection unexpectedly', 'connection was lost'],
])('%s', (text, hint) => {
  expect(said(text).message).toContain(text)
  expect(said(text).hint).toContain(hint)
})

test('what nobody foresaw is passed on without a hint', () => {
  expect(said('pg_dump: error: schema with OID 4242 does not exist').hint).toBeUndefined()
  expect(said('').message).toBe('pg_dump 17.2 failed: it said nothing')
})

test('a known secret does not get through', () => {
  const secrets = new SecretRegistry()
  secrets.add(new Secret('hunter2-secret'))
  expect(dumpFailure('pg_dump', 'could not use hunter2-secret', secrets).message).not.toContain('hunter2')
})
