import { RefusedError } from '../core/error.js'
import type { CliContext } from './context.js'

/** Goes on only when somebody types `yes`, or has said --yes. Throws RefusedError `declined` or `unconfirmed`. */
export async function confirm(context: CliContext, yes: boolean, question: string, otherWay: string): Promise<void> {
  if (yes) return
  if (context.ask === undefined) {
    throw new RefusedError('unconfirmed', 'nobody is there to confirm this', { hint: otherWay })
  }
  const answer = await context.ask(`${question} Type yes to go on:`)
  if (answer !== 'yes') throw new RefusedError('declined', 'declined: nothing was changed', { hint: otherWay })
}
