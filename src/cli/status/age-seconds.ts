/** How long ago a moment was (ISO 8601), in whole seconds. */
export function ageSeconds(at: string): number {
  return Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000))
}
