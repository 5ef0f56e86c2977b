/** Breaks text at spaces into lines of at most `width` characters; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ +/).filter((w) => w !== '')) {
    if (line === '') line = word
    else if (length(line) + 1 + length(word) <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** Wrapped text of which the first line begins with `first` and the others with as many spaces. */
export function hang(first: string, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(length(first))
  const lines = wrap(text, Math.max(20, width - length(first)))
  return lines.map((line, index) => (index === 0 ? first : indent) + line)
}

export function length(text: string): number {
  return [...text].length
}
