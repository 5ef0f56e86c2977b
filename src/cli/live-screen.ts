import type { Output } from './terminal.js'

const REDRAW_MS = 100

/** Lines at the bottom of a terminal that are drawn over themselves, below lines that stay. */
export interface LiveScreen {
  /** Writes a line that stays, above the live ones. */
  keep(line: string): void
  /** Removes the live lines and stops drawing. */
  end(): void
}

/** Draws `lines()` ten times a second until it is ended; what else is written to `output` must go through `keep`. */
export function openLiveScreen(output: Output, lines: () => readonly string[]): LiveScreen {
  let drawn = 0
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`)
  const draw = (before: string): void => {
    const now = lines().slice(0, output.height() - 2)
    const text = now.map((line) => `${line}\n`).join('')
    output.write(`${erase()}${before}${text}`)
    drawn = now.length
  }
  const timer = setInterval(() => draw(''), REDRAW_MS)
  timer.unref()
  return {
    keep: (line) => draw(`${line}\n`),
    end: () => {
      clearInterval(timer)
      output.write(erase())
      drawn = 0
    },
  }
}
