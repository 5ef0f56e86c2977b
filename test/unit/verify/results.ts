import type { Difference, TableResult } from '../../../src/verify/rows/verify-result.js'

export const FOUND: Difference = {
  table: 'public.orders',
  kind: 'changed',
  key: { id: '5' },
  columns: ['total'],
  copies: { source: 1, target: 1 },
  places: { source: ['(0,5)'], target: ['(0,6)'] },
}

export function equal(table: string): TableResult {
  return {
    table,
    verdict: 'equal',
    method: 'ranges',
    rows: { source: 1_000, target: 1_000 },
    chunks: 2,
    suspectChunks: 0,
    differences: [],
    unexplored: 0,
    structure: [],
  }
}

export function different(table: string, differences: readonly Difference[]): TableResult {
  return { ...equal(table), verdict: 'different', suspectChunks: 1, differences }
}

export function unknown(table: string, couldNotTell: string): TableResult {
  return { ...equal(table), verdict: 'unknown', couldNotTell }
}
