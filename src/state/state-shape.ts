import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** What keeps a value from being a state, in words with the place; empty when it fits schemas/state.schema.json. */
export function stateShapeProblems(value: unknown): readonly string[] {
  const require = createRequire(import.meta.url)
  // Read from the package: schemas/ lies beside both src/ and dist/.
  const schema = require('../../schemas/state.schema.json') as object
  const validate = new Ajv2020({ allErrors: false, strictTypes: false, strictRequired: false }).compile(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    (e) => `${e.instancePath === '' ? 'the state' : e.instancePath} ${e.message ?? 'is wrong'}`,
  )
}
