import type { SecretRegistry } from './redact.js'

const LONGEST = 80

/** Another session's statement for display: without secrets, on one line, cut to 80 characters. */
export function activityText(query: string | null, secrets: SecretRegistry): string | null {
  if (query === null) return null
  const flat = secrets.redact(query).replace(/\s+/g, ' ').trim()
  const characters = [...flat]
  return characters.length <= LONGEST ? flat : `${characters.slice(0, LONGEST - 1).join('')}…`
}
