import type { Setting } from '../catalog/server.js'

/** setconfig's and rolconfig's `name=value` texts as pairs, in the order stored. */
export function parseSettings(texts: readonly string[] | null): readonly Setting[] {
  return (texts ?? []).map((text) => {
    const at = text.indexOf('=')
    return { name: text.slice(0, at), value: text.slice(at + 1) }
  })
}
