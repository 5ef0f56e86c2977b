/** Stands for every password of a configuration; a result that holds it has leaked one. */
export const PASSWORD = 'pw-8d1f-planted'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export function user(name: string): { readonly name: string; readonly pw: string } {
  return { name, pw: PASSWORD }
}

/** One side as people fill it in, with changes. */
export function side(host: string, changes: Readonly<Record<string, Json>> = {}): Readonly<Record<string, Json>> {
  return {
    host,
    ip: '10.0.0.7',
    db: 'shop',
    port: '5432',
    root_user: user('postgres'),
    owner_user: user('owner'),
    pglogical_user: user('pglogical'),
    ...changes,
  }
}

/** A configuration as pgbelt's template has it, filled in, with changes; undefined takes a field away. */
export function config(changes: Readonly<Record<string, Json | undefined>> = {}): string {
  return JSON.stringify(
    {
      db: 'shop',
      dc: 'us-east',
      src: side('old.example.com'),
      dst: side('new.example.com'),
      tables: [],
      sequences: [],
      exclude_users: null,
      exclude_patterns: null,
      ...changes,
    },
    null,
    2,
  )
}
