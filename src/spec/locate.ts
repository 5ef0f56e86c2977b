import type { LineCounter } from 'yaml'
import type { Position } from '../core/diagnostic.js'

/** Turns offsets into the text to a position in the file; no range means the beginning. */
export type Locate = (range: readonly [number, number, ...number[]] | null | undefined) => Position

export function createLocate(lines: LineCounter, file: string): Locate {
  return (range) => positionOf(lines, file, range?.[0] ?? 0, range?.[1] ?? 0)
}

function positionOf(lines: LineCounter, file: string, start: number, end: number): Position {
  const from = lines.linePos(start)
  const to = lines.linePos(end)
  const position = { file, line: Math.max(1, from.line), column: Math.max(1, from.col) }
  return to.line === from.line && to.col > from.col ? { ...position, endColumn: to.col } : position
}
