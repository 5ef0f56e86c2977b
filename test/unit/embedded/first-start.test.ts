import { expect, test } from 'vitest'
import { BeltError } from '../../../src/core/error.js'
import { firstStart } from '../../../src/embedded/first-start.js'

const taken = new BeltError('embedded-start-failed', 'Postgres 17 ended: FATAL:  could not create any TCP/IP sockets')

function ports(): () => Promise<number> {
  let next = 15_000
  return () => Promise.resolve((next += 1))
}

test('a server whose port was taken meanwhile starts on another one', async () => {
  const tried: number[] = []
  const port = await firstStart(ports(), (port) => {
    tried.push(port)
    return port === 15_003 ? Promise.resolve(port) : Promise.reject(taken)
  })
  expect([port, tried]).toEqual([15_003, [15_001, 15_002, 15_003]])
})

test('what fails for another reason, or again and again, is told', async () => {
  const broken = new BeltError('embedded-start-failed', 'Postgres 17 ended: FATAL:  no such setting')
  let tries = 0
  const failing = (error: BeltError) => () => {
    tries += 1
    return Promise.reject(error)
  }
  await expect(firstStart(ports(), failing(broken))).rejects.toBe(broken)
  expect(tries).toBe(1)
  await expect(firstStart(ports(), failing(taken))).rejects.toBe(taken)
  expect(tries).toBe(6)
})
