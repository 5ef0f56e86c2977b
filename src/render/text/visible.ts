/**
 * Characters a terminal or a reader must not be given as they are: controls and escapes, line separators, invisible
 * marks, what reverses the direction of writing, and halves of surrogate pairs. Names come from databases that others
 * fill.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu
const UNSAFE_BUT_LINES =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu

/** Text for one line: every unsafe character becomes `\u001b`, line ends included. */
export function visible(text: string): string {
  return text.replace(UNSAFE, escape)
}

/** Text of several lines as one line. */
export function oneLine(text: string): string {
  return visible(text.replaceAll(/\s*\n\s*/g, ' '))
}

/** The same for text of several lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSAFE_BUT_LINES, escape)
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
