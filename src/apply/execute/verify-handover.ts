import type { VerifyHandover } from '../../actions/verify-handover.js'
import { StoppedError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import type { Evidence } from '../../state/state.js'
import { compareAgain, compareResting } from '../comparison/at-rest.js'
import type { ExecuteContext } from '../execute-context.js'
import { isBehind, readSequenceValues } from '../sequence-values.js'

/** The last proof inside the pause; both sides stand still. */
export async function executeVerifyHandover(action: VerifyHandover, context: ExecuteContext): Promise<Evidence> {
  const { sequences, tables, parts = [], again, againMs } = action
  const behind = await sequencesBehind(action, context)
  if (behind.length > 0) {
    throw new StoppedError('sequence-behind', `sequences would hand out values again: ${behind.slice(0, 5).join(', ')}`)
  }
  const copied = await compareResting([...tables, ...parts], context)
  const streamed = await compareAgain(again, againMs, context)
  return { sequences: sequences.length, copied, streamed }
}

async function sequencesBehind(action: VerifyHandover, context: ExecuteContext): Promise<readonly string[]> {
  const theirs = await readSequenceValues(context.watch[action.from], action.sequences)
  const mine = await readSequenceValues(context.watch[action.side], action.sequences)
  return action.sequences.flatMap((sequence) => {
    const name = quoteQualified(sequence.schema, sequence.name)
    const [a, b] = [mine.get(name), theirs.get(name)]
    return a === undefined || (b !== undefined && !sequence.cycle && isBehind(sequence, a, b)) ? [name] : []
  })
}
