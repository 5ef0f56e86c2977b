/** A word that introduces a password in conninfo strings, SQL, option lists, JSON, YAML and environments. */
const KEY = String.raw`\b(?:\w*pass(?:word|wd)|pwd)`
/** `=`, `:=`, `=>` or `:`, after a JSON key's closing quote; or only space, as in `PASSWORD 'x'`, before a quote. */
const SIGN = String.raw`(?:\\*["']?\s*(=>?|:=?)\s*|\s+(?=(?:[eE]|[uU]&)?'|\$\w*\$))`

/**
 * A quoted value can be read in several ways: a backslash escapes in conninfo and E'' but not in a plain literal, and
 * `''` opens a value in a conninfo within a literal but is a quote inside a literal. The longest reading is taken, and
 * one that never ends (servers cut long texts) reaches to the end of the text: too much hidden beats too little.
 */
const QUOTED: readonly RegExp[] = [
  /(?:e|u&)?'(?:\\[\s\S]|''|[^'\\])*(?:'|$)/iy,
  /(?:e|u&)?'(?:''|[^'])*(?:'|$)/iy,
  // A conninfo in a plain literal, then in an E'' literal, which doubles its backslashes too.
  /''(?:\\(?:''|[\s\S])|'(?!')|[^'\\])*(?:''|$)/y,
  /''(?:\\\\(?:''|\\\\|[\s\S])|\\(?!\\)|'(?!')|[^'\\])*(?:''|$)/y,
  /\\*"(?:\\[\s\S]|[^"\\])*(?:"|$)/y,
  /\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/y,
]
/** An unquoted conninfo value ends at white space that no backslash escapes. */
const BARE = /(?:\\[\s\S]|[^\s\\])+/y

/** Replaces the values of `password = …`, `PASSWORD '…'` and their kin. */
export function redactAssigned(text: string, replacement: string): string {
  const introduction = new RegExp(`${KEY}${SIGN}`, 'gi')
  let out = ''
  let from = 0
  for (let match = introduction.exec(text); match !== null; match = introduction.exec(text)) {
    const start = match.index + match[0].length
    const end = endOfValue(text, start, match[1] !== undefined)
    if (end === start) continue
    out += text.slice(from, start) + replacement
    from = end
    introduction.lastIndex = end
  }
  return out + text.slice(from)
}

function endOfValue(text: string, start: number, mayBeBare: boolean): number {
  // A bare value may begin with quotes of its own.
  const readings = mayBeBare ? [...QUOTED, BARE] : QUOTED
  return Math.max(...readings.map((reading) => endOf(reading, text, start)))
}

function endOf(reading: RegExp, text: string, start: number): number {
  // A copy, because a sticky expression keeps its place between calls.
  const sticky = new RegExp(reading)
  sticky.lastIndex = start
  return sticky.test(text) ? sticky.lastIndex : start
}
