/** `1 table`, `12,345 tables`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${digits(n)} ${n === 1 ? noun : plural}`
}

/** `12,345`, the same on every machine. */
export function digits(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Bytes as Postgres writes them (1 MB is 1024 kB), three figures: `1.86 GB`. */
export function bytes(n: number): string {
  let value = n
  let unit = 0
  while (Math.abs(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const text = unit === 0 ? digits(value) : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
  return `${text} ${UNITS[unit] ?? ''}`
}

/** A duration with the precision a person cares about: `0.4 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  return minutes % 60 === 0 ? `${digits(minutes / 60)} h` : `${digits(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** `a, b and c`. */
export function listing(words: readonly string[]): string {
  const last = words.at(-1)
  if (last === undefined) return ''
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
