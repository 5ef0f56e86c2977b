import { describe, expect, test } from 'vitest'
import { planOf, type Situation } from './support/planned.js'
import { APPROVED, stream, WITH_ROLE } from './support/troubles/stream.js'
import { record } from './support/troubles/restart.js'
import { REVERSE_OFF } from './support/troubles/trouble.js'

async function repairs(situation: Situation): Promise<readonly string[]> {
  const { actions } = await planOf(situation)
  return actions.map((a) => a.id).filter((id) => /^(?:redial|role-password)/.test(id))
}

const RIGHT = { source: WITH_ROLE, login: { source: 'ok' } } as const
const WRONG = { source: WITH_ROLE, login: { source: 'wrong-password' } } as const

describe('the subscription gets the password of the spec', () => {
  test('when the publisher refuses what it holds and takes the spec’s', async () => {
    expect(await repairs(stream({ held: 'wrong-password' }, RIGHT))).toEqual(['redial.target'])
    expect(await repairs(stream({ held: 'wrong-password', worker: 'steady' }, RIGHT))).toEqual(['redial.target'])
  })

  test('not when it works, cannot be read, or was not looked at', async () => {
    expect(await repairs(stream({ held: 'ok' }, RIGHT))).toEqual([])
    expect(await repairs(stream({ held: 'unread' }, RIGHT))).toEqual([])
    const { streams: _, ...unseen } = stream({}, RIGHT)
    expect(await repairs(unseen)).toEqual([])
  })

  test('after the role, where that is approved, whatever it holds', async () => {
    const lines = [...REVERSE_OFF, APPROVED]
    const { actions, approvals } = await planOf(stream({ held: 'ok', worker: 'steady' }, { ...WRONG, lines }))
    const redial = actions.find((a) => a.id === 'redial.target')
    expect(redial?.after).toContain('role-password.source')
    expect(actions.find((a) => a.id === 'role-password.source')).toMatchObject({
      operation: 'repair',
      secrets: [{ as: 'scram' }],
      hazards: [{ code: 'role-password', approval: true }],
    })
    expect(approvals).toMatchObject([{ hazard: 'role-password' }])
    expect(redial?.sql[0]).toContain('password=${secret:roles.replication.password}')
  })

  test('once more, when it is wrong again, under another number', async () => {
    const situation = stream({ held: 'wrong-password' }, { ...RIGHT, target: { records: [record('redial.target.1')] } })
    const carried = stream({}).target
    const { actions } = await planOf({ ...situation, target: { ...carried, ...situation.target } })
    expect(actions.find((a) => a.id === 'redial.target')?.sql[1]).toContain(`'redial.target.2'`)
  })
})
