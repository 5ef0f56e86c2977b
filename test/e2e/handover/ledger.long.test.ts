import { expect, test } from 'vitest'
import { ledgerLife } from './support/ledger-life.js'

test.each(Array.from({ length: 20 }, (_, index) => index + 2))(
  'no commit is lost or doubled (seed %i)',
  async (seed) => {
    const { commits, pausesMs } = await ledgerLife(seed)
    process.stdout.write(`seed ${String(seed)}: ${String(commits)} commits, clients waited ${pausesMs.join(', ')} ms\n`)
    expect(Math.max(...pausesMs)).toBeLessThan(30_000)
  },
)
