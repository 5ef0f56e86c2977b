export interface VerifyProgress {
  /** Tables finished, and in all. */
  readonly tables: { readonly done: number; readonly total: number }
  /** Rows of the source read so far, and the estimate of all. */
  readonly rows: { readonly done: number; readonly total: number }
  /** Over the last ten seconds or so. */
  readonly rowsPerSecond: number
  readonly etaSeconds: number | undefined
  /** Table just worked on. */
  readonly table: string
}

export interface Meter {
  read(table: string, rows: number): void
  finished(table: string): void
}

/** Turns what the workers report into progress: the speed is a moving average that forgets with a time constant of 10 s. */
export function makeMeter(
  total: { readonly tables: number; readonly rows: number },
  report: (progress: VerifyProgress) => void,
  now: () => number = () => performance.now(),
): Meter {
  const MEMORY_MS = 10_000
  let tables = 0
  let rows = 0
  let weight = 0
  let recent = 0
  let last = now()
  const emit = (table: string, more: number): void => {
    const at = now()
    const fade = Math.exp((last - at) / MEMORY_MS)
    recent = recent * fade + more
    weight = weight * fade + (at - last)
    last = at
    rows += more
    const rowsPerSecond = weight > 0 ? (recent / weight) * 1000 : 0
    const left = Math.max(0, total.rows - rows)
    report({
      tables: { done: tables, total: total.tables },
      rows: { done: rows, total: Math.max(total.rows, rows) },
      rowsPerSecond,
      etaSeconds: rowsPerSecond > 0 ? left / rowsPerSecond : undefined,
      table,
    })
  }
  return {
    read: (table, more) => emit(table, more),
    finished: (table) => {
      tables += 1
      emit(table, 0)
    },
  }
}
