import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'

/**
 * Waits for the end of its standard input, which comes however belt ends, even by kill -9; then stops the server whose
 * data folder is $1, if it still runs, and removes the folder $2 when given. The word `keep` calls it off. It looks at
 * the working folder of the process because the number in postmaster.pid may long belong to another process.
 */
const SCRIPT = `
read -r word
[ "$word" = keep ] && exit
pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
alive() { [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1" ]; }
if alive "$1"; then
  kill -QUIT "$pid"
  tries=0
  while alive "$1" && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  alive "$1" && kill -KILL "$pid"
fi
[ -z "$2" ] || rm -rf "$2" || { sleep 2; rm -rf "$2"; }
`

/** Sees to it that a server does not outlive the process that started it. */
export interface Watchdog {
  /** From now on the server may outlive belt. */
  callOff(): Promise<void>
}

/** @param remove a folder to delete when belt has ended without stopping the server */
export function startWatchdog(dataDir: string, remove: string | undefined): Watchdog {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'belt-watchdog', dataDir, remove ?? ''], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  child.stdin.on('error', () => undefined)
  return {
    callOff: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.ref()
      const exit = once(child, 'exit')
      child.stdin.end('keep\n')
      await exit
    },
  }
}
