import { randomBytes } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * An open file (mode 0600) that has no name any more: nothing is left on the disk even after kill -9. A child that
 * inherits the descriptor as number N opens it as /dev/fd/N. The caller closes it.
 */
export async function openUnnamedFile(content: string): Promise<FileHandle> {
  const name = path.join(tmpdir(), `belt-${randomBytes(12).toString('hex')}`)
  const file = await open(name, 'wx+', 0o600)
  try {
    await unlink(name)
    // At an explicit position: where /dev/fd/N shares the offset with us, the child still reads from the beginning.
    await file.write(content, 0, 'utf8')
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}
