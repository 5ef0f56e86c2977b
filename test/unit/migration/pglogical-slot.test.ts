import { expect, test } from 'vitest'
import { postgresHash } from '../../../src/core/postgres-hash.js'
import { pglogicalSlot } from '../../../src/migration/pglogical-slot.js'

test.each([
  ['', 'a7ea466d'],
  ['a', '401370b1'],
  ['abcdefghijkl', 'a1763ad4'],
  ['abcdefghijklm', '1830c6d0'],
  ['shop_with_a_long_name', '2ec8ef5b'],
  ['äöü€', 'c87b6aa5'],
])('hashes %j as hashtext does', (text, hash) => {
  expect(postgresHash(text).toString(16)).toBe(hash)
})

/** As pglogical 2.4.5 on 17.12 named them. */
test.each([
  ['abcdefghijklmnop', 'sub_456789012345', 'pgl_abcdefghijklmnop_belt_1a2b3c4d_s_sub_456789012345'],
  ['abcdefghijklmnopq', 'sub_456789012345', 'pgl_abcdefgh623c3a4_belt_1a2b3c4d_s_sub_456789012345'],
  ['Shop-é', 'sub_456789012345', 'pgl__hop____belt_1a2b3c4d_s_sub_456789012345'],
  ['shop_with_a_long_name', 'belt_shop_1a2b3c4d_f', 'pgl_shop_wit2ec8ef5_belt_1a2b3c4d_s_belt_sho214290b'],
])('knows the slot of database %s and subscription %s', (database, subscription, slot) => {
  expect(pglogicalSlot(database, 'belt_1a2b3c4d_s', subscription)).toBe(slot)
})
