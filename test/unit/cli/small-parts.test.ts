import { execFileSync } from 'node:child_process'
import { fc } from '../../support/properties.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { EXIT, exitCodeOf } from '../../../src/cli/exit-codes.js'
import { faultFrom } from '../../../src/cli/fault.js'
import { specTemplate } from '../../../src/cli/init/spec-template.js'
import { newRunId } from '../../../src/cli/run-id.js'
import { shellWord } from '../../../src/core/shell-word.js'
import { BeltError, LockedError, RefusedError, StoppedError, UsageError } from '../../../src/core/error.js'
import { COPY, SLOT } from '../render/support/plan.js'

it('gives each kind of error its exit code, and a signal the last word', () => {
  const codes = [BeltError, RefusedError, StoppedError, LockedError, UsageError].map((Kind) =>
    exitCodeOf(new Kind('x', 'y'), undefined),
  )
  expect(codes).toEqual([EXIT.failed, EXIT.refused, EXIT.stopped, EXIT.locked, EXIT.usage])
  expect(exitCodeOf(new TypeError('x'), undefined)).toBe(EXIT.failed)
  expect(exitCodeOf(new StoppedError('interrupted', 'x'), 'SIGINT')).toBe(130)
})

it('names runs by time, in what application_name can hold', () => {
  expect(newRunId(new Date('2026-11-05T10:15:00Z'))).toMatch(/^20261105-101500-[0-9a-f]{4}$/)
})

it('writes words that a shell reads back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !s.includes('\u0000')),
      (text) => {
        expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text)
      },
    ),
    { numRuns: 40 },
  )
})

it('writes a first spec that reads back as what was answered', () => {
  const name = fc.oneof(
    fc.constantFrom('true', '123', 'no', '1e3', '~', '- x', 'a: b', '${env:X}', 'x # y', "o'k", '"q"', 'a, b }'),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  )
  fc.assert(
    fc.property(name, name, name, (host, database, user) => {
      const side = { host, port: 5432, database, user, tls: 'require' } as const
      expect(parse(specTemplate({ name: 'shop', source: side, target: side }))).toMatchObject({
        source: { host, port: 5432, database, tls: 'require', admin: { user } },
      })
    }),
  )
})

describe('BELT_FAULT', () => {
  it('strikes at the action, or the count, that it names', () => {
    let deaths = 0
    const byId = faultFrom(`after-sql:${SLOT.id}`, () => (deaths += 1))
    byId?.('after-sql', COPY)
    byId?.('after-intent', SLOT)
    expect(deaths).toBe(0)
    byId?.('after-sql', SLOT)
    expect(deaths).toBe(1)
    const second = faultFrom('before-intent:2', () => (deaths += 1))
    second?.('before-intent', SLOT)
    second?.('before-intent', COPY)
    second?.('before-intent', SLOT)
    expect(deaths).toBe(2)
  })

  it('is nothing when unset, and refuses nonsense', () => {
    expect(faultFrom(undefined, () => undefined)).toBeUndefined()
    expect(() => faultFrom('later:1', () => undefined)).toThrow('BELT_FAULT')
  })
})
