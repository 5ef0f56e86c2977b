import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'

export interface Build {
  /** What `dist` is to a user. */
  readonly folder: string
  remove(): Promise<void>
}

/**
 * Compiles belt into a folder of this run, next to `dist` so that relative paths and node_modules resolve as there:
 * what is tested is what stands in src, and a `dist` in use stays as it is.
 */
export async function buildBelt(root: string): Promise<Build> {
  const folder = await mkdtemp(path.join(root, '.dist-test-'))
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
  const output = await run([compiler, '-p', path.join(root, 'tsconfig.build.json'), '--outDir', folder])
  if (output !== undefined && (await readdir(folder)).length === 0) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`belt does not build:\n${output}`)
  }
  // `npm run types` refuses type errors; a test run goes on with what the compiler could make of them.
  if (output !== undefined) process.stderr.write(`belt was built in spite of type errors:\n${output}\n`)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

function run(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve(error === null ? undefined : stdout + stderr)
    })
  })
}
