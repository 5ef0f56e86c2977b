/** A write-ahead log position as Postgres prints it, e.g. `16/B374D848`. */
export type Lsn = string & { readonly __lsn: true }

const FORM = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/

export function parseLsn(text: string): Lsn {
  if (!FORM.test(text)) throw new RangeError(`not an LSN: ${text}`)
  return text as Lsn
}

/** The position as a number of bytes since the beginning of the log. */
export function lsnBytes(lsn: Lsn): bigint {
  const [high = '0', low = '0'] = lsn.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

/** Bytes from `from` to `to`; negative when `to` lies before `from`. */
export function lsnDistance(from: Lsn, to: Lsn): bigint {
  return lsnBytes(to) - lsnBytes(from)
}
