import { createHash } from 'node:crypto'

/** The two numbers of an advisory lock of the (int4, int4) form. */
export interface LockKey {
  readonly classId: number
  readonly objectId: number
}

/** "belt" in ASCII: no other program that keeps to the custom of picking a constant will meet it by chance. */
const NAMESPACE = 0x62656c74

/** The run lock of one migration, from its lineage; a clash with another lineage (1 in 4 billion) only serializes. */
export function runLockKey(lineage: string): LockKey {
  return { classId: NAMESPACE, objectId: createHash('sha256').update(lineage).digest().readInt32BE(0) }
}

/** pg_locks shows the two numbers as oid, that is unsigned. */
export function lockKeyAsOids(key: LockKey): readonly [classId: number, objectId: number] {
  return [key.classId >>> 0, key.objectId >>> 0]
}
