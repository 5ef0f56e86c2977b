import type { ResumeToken } from '../rows/resume-token.js'
import { writeBegun } from './progress-file.js'
import type { BegunComparison } from './progress-file.js'

/** Comparing goes on for hours and a token may name thousands of tables: writing it may take a hundredth of the time. */
const SHARE = 100
const AT_LEAST_MS = 500

export interface ProgressWriter {
  /** Something more is compared; written now and then, in the background. */
  readonly note: (token: () => ResumeToken) => void
  /** Writes what was noted last, after a comparison that was cut short. */
  readonly flush: () => Promise<void>
}

/** A file that cannot be written ends nothing: then the next run begins again. */
export function progressWriter(
  file: string,
  begun: Omit<BegunComparison, 'token' | 'spentMs'>,
  spentMs: number,
): ProgressWriter {
  const started = performance.now()
  let latest: (() => ResumeToken) | undefined
  let writing: Promise<void> = Promise.resolve()
  let busy = false
  let notBefore = started + AT_LEAST_MS
  const write = async (): Promise<void> => {
    if (latest === undefined) return
    const token = onlyEqual(latest())
    latest = undefined
    const from = performance.now()
    await writeBegun(file, { ...begun, spentMs: spentMs + Math.round(from - started), token }).catch(() => undefined)
    const to = performance.now()
    notBefore = to + Math.max(AT_LEAST_MS, SHARE * (to - from))
  }
  return {
    note: (token) => {
      latest = token
      if (busy || performance.now() < notBefore) return
      busy = true
      writing = write().finally(() => {
        busy = false
      })
    },
    flush: async () => {
      await writing
      await write()
    },
  }
}

/** A table that differed is compared again: somebody will have mended it before he runs the same command again. */
function onlyEqual(token: ResumeToken): ResumeToken {
  const done = Object.entries(token.done).filter(([, result]) => result.verdict === 'equal')
  return { ...token, done: Object.fromEntries(done) }
}
