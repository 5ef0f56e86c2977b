import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { runHookProcess } from '../../../src/apply/hook-process.js'

/** A process that nobody has waited for yet is a zombie (Z). */
function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(') ')[1]?.[0] ?? ''
  } catch {
    return 'gone'
  }
}

const run = (command: readonly string[], signal = new AbortController().signal, lines: string[] = []) =>
  runHookProcess({
    command,
    cwd: '/',
    env: { PATH: process.env['PATH'], WHO: 'belt' },
    signal,
    onLine: (line) => lines.push(line),
  })

describe('a hook’s command', () => {
  test('runs without a shell, in its folder, with the given environment alone; both streams are heard', async () => {
    const lines: string[] = []
    const code = `console.log(process.argv.slice(1).join('|'), process.cwd(), process.env.WHO, process.env.HOME); console.error('oh')`
    expect(await run([process.execPath, '-e', code, '$WHO', '* ;'], undefined, lines)).toBeUndefined()
    expect(lines.sort()).toEqual(['$WHO|* ; / belt undefined', 'oh'])
  })

  test.each([
    [['sh', '-c', 'exit 3'], 'exited with 3'],
    [['sh', '-c', 'kill -9 $$'], 'was ended by SIGKILL'],
    [['/no/such/program'], 'was not found'],
    [['/etc'], 'could not be started: EACCES'],
  ])('that fails says how: %j', async (command, how) => {
    expect(await run(command)).toBe(how)
  })

  test('ends with its children when it is aborted', async () => {
    const stop = new AbortController()
    const pids: number[] = []
    const ended = runHookProcess({
      command: ['sh', '-c', 'sleep 1000 & echo $!; wait'],
      cwd: '/',
      env: { PATH: process.env['PATH'] },
      signal: stop.signal,
      onLine: (line) => {
        pids.push(Number(line))
        stop.abort()
      },
    })
    expect(await ended).toBe('was ended by SIGTERM')
    const [child = 0] = pids
    await expect.poll(() => stateOf(child)).toMatch(/^(gone|Z)$/)
  })

  test('ends with a child that takes no notice of SIGTERM', async () => {
    const stop = new AbortController()
    const pids: number[] = []
    const deaf = `trap '' TERM; echo $$; exec sleep 1000`
    const ended = runHookProcess({
      command: ['sh', '-c', `sh -c "$DEAF" & wait`],
      cwd: '/',
      env: { PATH: process.env['PATH'], DEAF: deaf },
      signal: stop.signal,
      onLine: (line) => {
        pids.push(Number(line))
        stop.abort()
      },
    })
    expect(await ended).toBe('was ended by SIGTERM')
    const [child = 0] = pids
    expect(child).toBeGreaterThan(0)
    await expect.poll(() => stateOf(child)).toMatch(/^(gone|Z)$/)
  })

  test('does not wait for what it leaves running', async () => {
    const lines: string[] = []
    const started = performance.now()
    expect(await run(['sh', '-c', 'sleep 60 & echo $!'], undefined, lines)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(50_000)
    process.kill(Number(lines[0]))
  })

  test('that belt may not end (sudo) is told of, and belt goes on', async () => {
    const stop = new AbortController()
    const lines: string[] = []
    const code = `console.log(process.pid); setTimeout(() => undefined, 60_000)`
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
    })
    const ended = run([process.execPath, '-e', code], stop.signal, lines)
    await vi.waitFor(() => expect(lines).toHaveLength(1), 10_000)
    onTestFinished(() => void process.kill(Number(lines[0]), 'SIGKILL'))
    stop.abort()
    expect(await ended).toBe('could not be ended: it runs as another user')
    kill.mockRestore()
  })
})
