import { readFile } from 'node:fs/promises'

/** The operating system account that a server's processes run as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * Postgres refuses to run as root, so a root caller's servers run as `postgres`, else `nobody`.
 * `undefined` means: as the caller, who is not root.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return accountOf('postgres', passwd) ?? accountOf('nobody', passwd) ?? { uid: 65534, gid: 65534 }
}

function accountOf(name: string, passwd: string): Account | undefined {
  const line = passwd.split('\n').find((l) => l.startsWith(`${name}:`))
  if (line === undefined) return undefined
  const [, , uid, gid] = line.split(':')
  const account = { uid: Number(uid), gid: Number(gid) }
  return account.uid > 0 && account.gid >= 0 ? account : undefined
}
