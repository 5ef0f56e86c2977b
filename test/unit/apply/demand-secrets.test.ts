import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { demandSecrets } from '../../../src/apply/demand-secrets.js'
import { BeltError } from '../../../src/core/error.js'
import { Secret } from '../../../src/core/secret.js'
import { SecretRegistry } from '../../../src/postgres/redact.js'
import type { SecretReference } from '../../../src/spec/spec.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'
import { planOf } from '../planner/support/planned.js'
import { readyForCutover } from '../planner/support/cutover.js'
import { script, table, tableObject } from '../planner/support/catalog.js'

const SPEC = MINIMAL.replace(
  /admin: \{ user: postgres \}/,
  'admin: { user: postgres, password: { env: SOURCE_PASSWORD } }',
)

/** Asks for what is pending, with an environment that holds what is given. */
async function ask(actions: readonly Action[], env: Readonly<Record<string, string>>, done: readonly Action[] = []) {
  const asked: SecretReference[] = []
  const secrets = new SecretRegistry()
  const pending = { actions: actions.map((action) => ({ action, found: 'absent' as const })), done }
  const resolveSecret = async (reference: SecretReference): Promise<Secret> => {
    asked.push(reference)
    const name = 'env' in reference ? reference.env : ''
    const value = env[name]
    if (value === undefined) throw new BeltError('secret-unresolved', `${name} is not set`, { hint: `Set ${name}.` })
    return await Promise.resolve(new Secret(value))
  }
  const outcome = await demandSecrets(pending, { spec: await loadGood(SPEC), resolveSecret, secrets }).catch(
    (error: unknown) => error,
  )
  return { outcome, asked, secrets }
}

async function fresh(): Promise<readonly Action[]> {
  const orders = { tables: [table('orders')], ...script(tableObject('orders')) }
  return (await planOf({ source: orders, spec: SPEC })).actions
}

test('every secret of the spec that a plan needs is read before its first action, once, and known to the redactor', async () => {
  const { outcome, asked, secrets } = await ask(await fresh(), { REPLICATION_PASSWORD: 'planted-secret' })
  expect(outcome).toBeUndefined()
  expect(asked).toEqual([{ env: 'REPLICATION_PASSWORD' }])
  expect(secrets.redact('it is planted-secret')).not.toContain('planted')
})

test('all that cannot be read is told at once, with where the spec names it', async () => {
  const [first, ...rest] = await fresh()
  if (first === undefined) throw new Error('the plan is empty')
  const also: Action = {
    ...first,
    secrets: [{ placeholder: '${x}', as: 'literal', source: { from: 'spec', path: 'source.admin.password' } }],
  }
  const { outcome } = await ask([also, ...rest], {})
  expect(outcome).toMatchObject({ code: 'secret-unresolved' })
  const { message, hint } = outcome as BeltError
  expect(message.split('\n')).toEqual([
    'the plan needs what cannot be read, and nothing was changed:',
    '  roles.replication.password: REPLICATION_PASSWORD is not set',
    '  source.admin.password: SOURCE_PASSWORD is not set',
  ])
  expect(hint).toBe('Set REPLICATION_PASSWORD. Set SOURCE_PASSWORD.')
})

test('nothing is asked for where no action needs it, and nothing comes before a closed side is opened again', async () => {
  const needy = (await fresh()).filter((a) => a.secrets.length > 0)
  const others = (await fresh()).filter((a) => a.secrets.length === 0)
  expect((await ask(others, {})).asked).toEqual([])
  const orders = { tables: [table('orders')], ...script(tableObject('orders')) }
  const cutover = await planOf(readyForCutover({ source: orders, target: orders, streamed: ['orders'] }))
  const fence = cutover.actions.filter((a) => a.id === 'fence.source')
  expect(fence).toHaveLength(1)
  expect((await ask(needy, {}, fence)).outcome).toBeUndefined()
  expect((await ask([...fence, ...needy], {})).outcome).toMatchObject({ code: 'secret-unresolved' })
})
