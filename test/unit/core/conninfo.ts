/** Reads `key=value key='va\'lue'` as libpq's conninfo_parse does (fe-connect.c), written from its documentation. */
export function readConninfo(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  let at = 0
  const isSpace = (c: string | undefined): boolean => c !== undefined && /[ \t\n\v\f\r]/.test(c)
  while (at < text.length) {
    while (isSpace(text[at])) at += 1
    if (at >= text.length) break
    const equals = text.indexOf('=', at)
    const key = text.slice(at, equals)
    at = equals + 1
    let value = ''
    if (text[at] === "'") {
      at += 1
      for (; text[at] !== "'"; at += 1) {
        if (at >= text.length) throw new Error('unterminated quoted string')
        if (text[at] === '\\') at += 1
        value += text[at] ?? ''
      }
      at += 1
    } else {
      for (; at < text.length && !isSpace(text[at]); at += 1) {
        if (text[at] === '\\') at += 1
        value += text[at] ?? ''
      }
    }
    found[key] = value
  }
  return found
}
