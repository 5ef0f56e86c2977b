import { expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.js'
import { scramVerifier } from '../../../src/postgres/scram.js'

test('the example of RFC 7677 gives its keys', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const verifier = await scramVerifier(new Secret('pencil'), { iterations: 4096, salt })
  expect(verifier.reveal()).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
})

test('two verifiers of one password differ, and neither prints itself', async () => {
  const [a, b] = [await scramVerifier(new Secret('pencil')), await scramVerifier(new Secret('pencil'))]
  expect(a.reveal()).not.toBe(b.reveal())
  expect(JSON.stringify({ a, text: String(b) })).not.toContain('SCRAM')
})
