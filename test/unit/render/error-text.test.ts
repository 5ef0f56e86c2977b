import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { BeltError, RefusedError } from '../../../src/core/error.js'
import { errorText } from '../../../src/render/error-text.js'
import { textStyle } from '../../../src/render/text/style.js'
import { HOSTILE } from './support/plan.js'

const style = textStyle(false, 60)

describe('an error on standard error', () => {
  it('has message, code and next step', () => {
    const error = new RefusedError(
      'plan-stale',
      'the plan no longer fits the databases:\n  source table public.orders has changed',
      {
        hint: 'Make a new plan: belt plan',
      },
    )
    expect(errorText(error, style, false)).toMatchInlineSnapshot(`
      "Error: the plan no longer fits the databases:
               source table public.orders has changed
             (plan-stale)
      Next:  Make a new plan: belt plan
      "
    `)
  })

  it('tells the cause when that says more', () => {
    const cause = new BeltError('connect-failed', 'the port is closed')
    expect(errorText(new BeltError('a', 'cannot plan', { cause }), style, false)).toContain(
      'because: the port is closed',
    )
    expect(errorText(new BeltError('a', 'no: the port is closed', { cause }), style, false)).not.toContain('because')
  })

  it('calls what belt does not know a bug, with the stack only on request', () => {
    const text = errorText(new TypeError('x is undefined'), style, false)
    expect(text).toContain('this is a bug in belt: x is undefined')
    expect(text).not.toContain('error-text.test')
    expect(errorText(new TypeError('x is undefined'), style, true)).toContain('error-text.test')
  })

  it('tells what the file system refuses, and what to do', async () => {
    const refused = await readFile('/nowhere/at/all').catch((error: unknown) => error)
    const text = errorText(refused, style, false)
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      '/nowhere/at/all cannot be read or written: there is no such file or folder',
    )
    expect(text).toContain('(file-failed)')
    expect(text).not.toContain('bug in belt')
  })

  it('repeats no text of a foreign cause, which may hold a secret', () => {
    const error = new BeltError('a', 'no connection', { cause: new Error('password=hunter2') })
    expect(errorText(error, style, true)).not.toContain('hunter2')
  })

  it('lets nothing act on the terminal', () => {
    const text = errorText(new BeltError('a', HOSTILE, { hint: HOSTILE }), style, true)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})
