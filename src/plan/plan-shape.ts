import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** What keeps a value from being a plan, in words with the place; empty when it fits schemas/plan.schema.json. */
export function planShapeProblems(value: unknown): readonly string[] {
  const require = createRequire(import.meta.url)
  // Read from the package: schemas/ lies beside both src/ and dist/.
  const schema = require('../../schemas/plan.schema.json') as object
  const validate = new Ajv2020({ allErrors: false, strictTypes: false, strictRequired: false }).compile(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    (e) => `${e.instancePath === '' ? 'the plan' : e.instancePath} ${e.message ?? 'is wrong'}`,
  )
}
