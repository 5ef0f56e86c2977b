import { readFile } from 'node:fs/promises'
import { BeltError } from '../core/error.js'
import { didYouMean } from '../core/nearest-words.js'
import { Secret } from '../core/secret.js'
import { parseConnectionUrl } from './connection-url.js'
import { runSecretCommand } from './secret-command.js'
import type { SecretReference } from './spec.js'

export interface ResolveSecretOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Working folder of commands: the spec's. */
  readonly baseDir: string
  readonly signal?: AbortSignal
  /** Milliseconds a command may take; 30,000 unless said. */
  readonly commandTimeoutMs?: number
}

const COMMAND_TIMEOUT_MS = 30_000
const MAX_SECRET_BYTES = 65_536

/**
 * Reads a secret where its reference points. Newlines at its end are dropped.
 * Throws BeltError `secret-unresolved`; neither value, file content nor command output is ever part of it.
 */
export async function resolveSecret(reference: SecretReference, options: ResolveSecretOptions): Promise<Secret> {
  options.signal?.throwIfAborted()
  if ('urlOf' in reference) return passwordOfUrl(await resolveSecret(reference.urlOf, options))
  if ('env' in reference) return fromEnvironment(reference.env, options.env)
  if ('file' in reference) return await fromFile(reference.file, options)
  return await fromCommand(reference.command, options)
}

function fromEnvironment(name: string, env: ResolveSecretOptions['env']): Secret {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value === undefined) {
    const message = `environment variable ${name} is not set${didYouMean(name, Object.keys(env))}`
    throw unresolved(message, `Set ${name} in the environment belt runs in.`)
  }
  return wrap(value, `environment variable ${name}`)
}

async function fromFile(path: string, { signal }: ResolveSecretOptions): Promise<Secret> {
  const text = await readFile(path, { encoding: 'utf8', signal }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw unresolved(
      `cannot read the secret file ${path}: ${codeOf(error)}`,
      'Check that it exists and that belt may read it.',
    )
  })
  return wrap(text, `the file ${path}`)
}

async function fromCommand(command: readonly string[], options: ResolveSecretOptions): Promise<Secret> {
  const program = command[0] ?? ''
  const result = await runSecretCommand(command, {
    cwd: options.baseDir,
    env: options.env,
    timeoutMs: options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS,
    maxBytes: MAX_SECRET_BYTES,
    signal: options.signal,
  })
  if ('output' in result) return wrap(result.output, `the command ${program}`)
  throw unresolved(`the secret command ${program} ${result.failure}`, 'Run it by hand to see what it prints.')
}

function passwordOfUrl(secret: Secret): Secret {
  const parsed = parseConnectionUrl(secret.reveal())
  if ('problem' in parsed) throw unresolved(`the connection URL cannot be read: ${parsed.problem}`, 'Correct the URL.')
  const { password } = parsed.url
  if (password === undefined)
    throw unresolved('the connection URL holds no password any more', 'Put it back, or plan again.')
  return new Secret(password)
}

function wrap(text: string, origin: string): Secret {
  const value = text.replace(/[\r\n]+$/, '')
  if (value === '') throw unresolved(`${origin} is empty`, 'Put the secret there.')
  if (value.includes('\u0000')) throw unresolved(`${origin} holds a NUL byte`, 'A Postgres password is text.')
  if (value.length > MAX_SECRET_BYTES)
    throw unresolved(`${origin} is longer than ${MAX_SECRET_BYTES} characters`, 'Is it the right one?')
  return new Secret(value)
}

function unresolved(message: string, hint: string): BeltError {
  return new BeltError('secret-unresolved', message, { hint })
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error'
}
