import type { SqlValue } from '../../postgres/session.js'

export interface Statement {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** Collects the values of one statement; `add` gives the place that stands for one. */
export class Values {
  readonly list: SqlValue[] = []

  add(value: SqlValue, type: string): string {
    this.list.push(value)
    return `$${this.list.length}::${type}`
  }
}
