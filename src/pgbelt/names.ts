import type { PgbeltConfig } from './config.js'

/** Longest name of a migration; belt makes names of slots and publications from it. */
const MAX_NAME = 40

/**
 * A name for each migration: pgbelt's name of the databases, with the datacenter in front where two configurations
 * share it, and a number where that still says the same of two.
 */
export function migrationNames(configs: readonly PgbeltConfig[]): readonly string[] {
  const short = configs.map((c) => slug(c.db.text))
  const full = configs.map((c, index) =>
    occurs(short, short[index]) ? slug(`${c.dc.text}-${c.db.text}`) : (short[index] ?? ''),
  )
  return distinct(full)
}

/** A word that begins the names of a migration's environment variables, one for each name. */
export function variablePrefixes(names: readonly string[]): readonly string[] {
  return distinct(names.map((name) => `BELT_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`))
}

function slug(text: string): string {
  const word = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '')
  return word === '' ? 'migration' : word.slice(0, MAX_NAME)
}

function occurs(words: readonly string[], word: string | undefined): boolean {
  return words.filter((w) => w === word).length > 1
}

function distinct(words: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return words.map((word) => {
    let free = word
    for (let n = 2; taken.has(free); n += 1) free = `${word.slice(0, MAX_NAME - 4)}_${String(n)}`
    taken.add(free)
    return free
  })
}
