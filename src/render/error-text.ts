import { BeltError } from '../core/error.js'
import { fileError } from '../core/file-error.js'
import type { Style } from './text/style.js'
import { visibleLines } from './text/visible.js'
import { wrap } from './text/wrap.js'

/** An error as stderr shows it: message and code, why, and the next step. Anything belt does not know is its own bug. */
export function errorText(thrown: unknown, style: Style, debug: boolean): string {
  const error = fileError(thrown) ?? thrown
  const lines = error instanceof BeltError ? known(error, style) : unknown(error, style, debug)
  const stack = debug && error instanceof Error ? ['', ...stackLines(error)] : []
  return `${[...lines, ...stack].join('\n')}\n`
}

function known(error: BeltError, style: Style): readonly string[] {
  const lines = paragraphs(error.message, style.width - 7)
  const cause = causeOf(error)
  return [
    ...lines.map((line, i) => (i === 0 ? `${style.severity.error('Error:')} ${line}` : `       ${line}`)),
    ...(cause === undefined ? [] : paragraphs(`because: ${cause}`, style.width - 7).map((l) => `       ${l}`)),
    style.dim(`       (${error.code})`),
    ...(error.hint === undefined
      ? []
      : paragraphs(error.hint, style.width - 7).map((l, i) => `${i === 0 ? 'Next:  ' : '       '}${l}`)),
  ]
}

function unknown(error: unknown, style: Style, debug: boolean): readonly string[] {
  const message = error instanceof Error ? error.message : String(error)
  return [
    `${style.severity.error('Error:')} this is a bug in belt: ${visibleLines(message)}`,
    debug
      ? 'Next:  report it with the lines below.'
      : 'Next:  run the same command with --debug and report what it prints; running it again does no harm.',
  ]
}

/** The message of the cause when it says more than the error itself. Only belt's own errors are free of secrets. */
function causeOf(error: BeltError): string | undefined {
  if (!(error.cause instanceof BeltError)) return undefined
  return error.message.includes(error.cause.message) ? undefined : error.cause.message
}

function paragraphs(text: string, width: number): readonly string[] {
  return visibleLines(text)
    .split('\n')
    .flatMap((line) => (line.startsWith(' ') || line === '' ? [line] : wrap(line, width)))
}

/** Stacks down the chain of causes; of an error that is not belt's own only its frames, since its text may hold a secret. */
function stackLines(error: Error): readonly string[] {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const cause = error.cause instanceof Error ? [`caused by ${error.cause.name}`, ...stackLines(error.cause)] : []
  return [...frames, ...cause].map(visibleLines)
}
