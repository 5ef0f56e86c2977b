import { duration } from '../render/text/quantity.js'
import { visible } from '../render/text/visible.js'
import type { CliContext } from './context.js'
import { openLiveScreen } from './live-screen.js'

/** Shows on a terminal that something takes its time, with the seconds; elsewhere nothing. */
export async function withStep<Result>(
  { err }: CliContext,
  title: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!err.live) return work()
  const start = performance.now()
  const screen = openLiveScreen(err, () => [`… ${visible(title)}  ${duration((performance.now() - start) / 1000)}`])
  try {
    return await work()
  } finally {
    screen.end()
  }
}
