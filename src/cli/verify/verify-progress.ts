import { verifyProgressText } from '../../render/progress/verify-progress-text.js'
import type { VerifyProgress } from '../../verify/rows/progress.js'
import type { CliContext } from '../context.js'
import { openLiveScreen } from '../live-screen.js'

/** Where no screen can be redrawn, a line every so often. */
const LINE_EVERY_MS = 5_000

export interface ProgressDisplay {
  readonly show: (progress: VerifyProgress) => void
  /** Writes a line that stays. */
  readonly say: (line: string) => void
  readonly end: () => void
}

/** On stderr: live on a terminal, a line now and then otherwise. */
export function verifyProgress({ err }: CliContext, title: string): ProgressDisplay {
  let latest = `… ${title}`
  if (err.live) {
    const screen = openLiveScreen(err, () => [latest])
    return {
      show: (progress) => (latest = `… ${verifyProgressText(progress)}`),
      say: (line) => screen.keep(line),
      end: () => screen.end(),
    }
  }
  let written = performance.now()
  return {
    show: (progress) => {
      if (performance.now() - written < LINE_EVERY_MS) return
      written = performance.now()
      err.write(`${new Date().toISOString().slice(11, 19)} ${verifyProgressText(progress)}\n`)
    },
    say: (line) => err.write(`${line}\n`),
    end: () => undefined,
  }
}
