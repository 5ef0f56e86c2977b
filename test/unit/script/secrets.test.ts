import { expect, test } from 'vitest'
import { only } from './dump.js'

test('every option of a user mapping but the user is a secret', async () => {
  const object = await only(
    'USER MAPPING',
    `CREATE USER MAPPING FOR app SERVER files OPTIONS (\n    password E'a\\\\b;''',\n    "odd option" 'c',\n    "user" 'remote'\n)`,
  )
  expect(object.key).toBe('user mapping app@files')
  expect(object.roles).toEqual(['app'])
  expect(object.statements).toEqual([
    'CREATE USER MAPPING FOR app SERVER files OPTIONS (\n    password ${secret:user-mapping/app@files/password},\n    "odd option" ${secret:user-mapping/app@files/odd%20option},\n    "user" \'remote\'\n)',
  ])
  expect(object.redacted).toEqual([
    { placeholder: '${secret:user-mapping/app@files/password}', option: 'password', server: 'files', user: 'app' },
    {
      placeholder: '${secret:user-mapping/app@files/odd%20option}',
      option: 'odd option',
      server: 'files',
      user: 'app',
    },
  ])
})

test('the mapping for everybody names no role', async () => {
  const object = await only('USER MAPPING', `CREATE USER MAPPING FOR PUBLIC SERVER files OPTIONS (password 'x')`)
  expect(object).toMatchObject({ key: 'user mapping public@files', roles: [] })
  expect(object.redacted).toMatchObject([
    { placeholder: '${secret:user-mapping/public@files/password}', user: 'public' },
  ])
})

test('a server shows where it is, and nothing it might hide there', async () => {
  const object = await only(
    'SERVER',
    `CREATE SERVER "s/}" FOREIGN DATA WRAPPER w OPTIONS (\n    host 'h.example',\n    dbname 'postgresql://u:hunter2@h/d',\n    passfile '/hunter2',\n    port '5432'\n)`,
  )
  expect(object.statements).toEqual([
    "CREATE SERVER \"s/}\" FOREIGN DATA WRAPPER w OPTIONS (\n    host 'h.example',\n    dbname ${secret:server/s%2F%7D/dbname},\n    passfile ${secret:server/s%2F%7D/passfile},\n    port '5432'\n)",
  ])
  expect(object.redacted.map(({ option }) => option)).toEqual(['dbname', 'passfile'])
  expect(JSON.stringify(object)).not.toContain('hunter2')
})
