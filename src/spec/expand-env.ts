/** A `${…}` that cannot be replaced. `written` is the reference as it stands in the file. */
export interface EnvProblem {
  readonly kind: 'unset' | 'empty' | 'malformed'
  readonly written: string
  /** Name of the variable; empty when none can be read from it. */
  readonly name: string
}

export interface Expanded {
  readonly text: string
  /** Variables that were put in. */
  readonly names: readonly string[]
  readonly problems: readonly EnvProblem[]
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g

/** Replaces each `${env:NAME}` by the variable's value and each `$${` by `${`. A value is not expanded again. */
export function expandEnv(text: string, env: Readonly<Record<string, string | undefined>>): Expanded {
  const names: string[] = []
  const problems: EnvProblem[] = []
  const expanded = text.replace(REFERENCE, (written: string, inside?: string, close?: string) => {
    if (inside === undefined) return '${'
    const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(inside)?.[1]
    if (name === undefined || close === '') {
      problems.push({ kind: 'malformed', written, name: /[A-Za-z_][A-Za-z0-9_]*$/.exec(inside)?.[0] ?? '' })
      return written
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value === undefined || value === '') {
      problems.push({ kind: value === undefined ? 'unset' : 'empty', written, name })
      return written
    }
    names.push(name)
    return value
  })
  return { text: expanded, names, problems }
}

/** The variable's name when the whole text is one `${env:NAME}`. */
export function wholeEnvReference(text: string): string | undefined {
  return /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1]
}
