import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { splitSql } from '../inspect/script/split-sql.js'
import type { ReadHookFile } from '../spec/read-hook-files.js'

const MAX_SQL_BYTES = 1_000_000

/** Reads the file that a hook names; what is wrong with it is said in words that name no absolute path. */
export const readHookFile: ReadHookFile = async (path, what) => {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return code === 'ENOENT'
      ? { problem: 'is not there', fix: 'paths start at the folder of the spec file' }
      : { problem: `cannot be read: ${code}` }
  }
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (what === 'program') return { digest, statements: [] }
  if (bytes.length > MAX_SQL_BYTES) return { problem: `is larger than ${String(MAX_SQL_BYTES)} bytes` }
  const statements = await splitSql(bytes.toString('utf8'))
  if ('problem' in statements) {
    return { problem: statements.problem, fix: 'SQL only: what begins with a backslash is psql’s' }
  }
  return statements.length === 0 ? { problem: 'holds no statement' } : { digest, statements }
}
