import { isatty, type WriteStream } from 'node:tty'

/** One of the two output streams. */
export interface Output {
  /** Somebody watches it, so it may be redrawn. */
  readonly live: boolean
  /** Colours would be seen and are wanted. */
  readonly color: boolean
  width(): number
  height(): number
  write(text: string): void
  /** Resolves when everything written has left the process, or cannot any more. */
  flushed(): Promise<void>
}

export interface OutputEnvironment {
  readonly NO_COLOR?: string | undefined
  readonly FORCE_COLOR?: string | undefined
  readonly TERM?: string | undefined
}

/**
 * A stream that fails (a reader that went away as in `belt plan | head`, a closed terminal, a full disk) is no error: from
 * then on what is written is dropped, and the command goes on to its end, since an apply must not die of its output.
 */
export function createOutput(
  stream: WriteStream & { readonly fd: number },
  env: OutputEnvironment,
  colorWanted: boolean,
): Output {
  let gone = false
  stream.on('error', () => {
    gone = true
  })
  const tty = isatty(stream.fd)
  return {
    live: tty && env.TERM !== 'dumb',
    color: colorWanted && wantsColor(env, tty),
    width: () => (tty ? stream.columns : 100),
    height: () => (tty ? stream.rows : 25),
    write: (text) => {
      if (!gone) stream.write(text)
    },
    flushed: () =>
      new Promise((resolve) => {
        if (gone || stream.destroyed) resolve()
        else stream.write('', () => resolve())
      }),
  }
}

/** https://no-color.org: a NO_COLOR that is not empty wins over all else. */
function wantsColor(env: OutputEnvironment, tty: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return tty && env.TERM !== 'dumb'
}
