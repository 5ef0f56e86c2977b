const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Units as Postgres reads them: powers of 1024. */
const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

/** Milliseconds of a duration such as `30s` or `1.5h`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, MILLISECONDS)
}

/** Bytes of a size such as `16MB`; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  return parseQuantity(text, BYTES)
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text)
  const unit = match?.[2] === undefined || !Object.hasOwn(units, match[2]) ? undefined : units[match[2]]
  return match?.[1] === undefined || unit === undefined ? undefined : Math.round(Number(match[1]) * unit)
}

/** The duration somebody may have meant by `30 s`, `30S` or `30sec`. */
export function nearDuration(text: string): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim())
  const word = match?.[2]?.toLowerCase() ?? ''
  const unit = /^(ms|millis)/.test(word) ? 'ms' : /^(s|min|h|d)/.exec(word)?.[0]
  return match?.[1] === undefined || unit === undefined ? undefined : `${match[1]}${unit}`
}

/** The size somebody may have meant by `16 mb`, `16M` or `16MiB`. */
export function nearSize(text: string): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(text.trim())
  const letter = match?.[2]?.toUpperCase()
  return match?.[1] === undefined || letter === undefined ? undefined : `${match[1]}${letter === 'K' ? 'k' : letter}B`
}
