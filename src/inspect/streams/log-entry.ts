/** One message of a server's log, with what was logged along with it. */
export interface LogEntry {
  /** `2026-11-23 00:38:56.623 UTC` as it stands there, without the fraction and the zone. */
  readonly at: string | undefined
  readonly pid: number | undefined
  /** `ERROR`, in the server's language. */
  readonly severity: string
  readonly sqlState: string | undefined
  readonly message: string
  readonly detail: string | undefined
  readonly context: string | undefined
}
