import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** TMPDIR is a new folder until the test ends: what is left in it was made by this test, not by a file that runs beside it. */
export async function ownTemporaryFolder(): Promise<string> {
  const before = process.env['TMPDIR']
  const folder = await mkdtemp(path.join(tmpdir(), 'own-'))
  // Servers run as somebody else when the tests run as root.
  await chmod(folder, 0o755)
  process.env['TMPDIR'] = folder
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  return folder
}
