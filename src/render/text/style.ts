import type { Operation } from '../../actions/base.js'
import type { Severity } from '../../core/diagnostic.js'
import picocolors from 'picocolors'

type Paint = (text: string) => string

/** How a text looks, decided once by the command line: colours, and where lines end. */
export interface Style {
  readonly width: number
  readonly bold: Paint
  readonly dim: Paint
  readonly operation: Readonly<Record<Operation, Paint>>
  readonly severity: Readonly<Record<Severity, Paint>>
  readonly good: Paint
}

export function textStyle(color: boolean, width = 100): Style {
  const c = picocolors.createColors(color)
  return {
    width: Math.max(40, Math.min(width, 120)),
    bold: c.bold,
    dim: c.dim,
    operation: {
      create: c.green,
      change: c.yellow,
      drop: c.red,
      run: c.cyan,
      gate: c.magenta,
      repair: (text) => c.bold(c.red(text)),
    },
    severity: { error: (text) => c.bold(c.red(text)), warning: (text) => c.bold(c.yellow(text)), info: c.cyan },
    good: c.green,
  }
}
