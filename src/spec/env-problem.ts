import type { Diagnostic, Position } from '../core/diagnostic.js'
import { didYouMean, nearestWords } from '../core/nearest-words.js'
import type { EnvProblem } from './expand-env.js'
import { shown, specError } from './report.js'
import type { Place } from './spec-tree.js'

/** One error per `${…}` that cannot be replaced, at the reference itself. */
export function envDiagnostics(
  problems: readonly EnvProblem[],
  place: Place,
  env: Readonly<Record<string, string | undefined>>,
): readonly Diagnostic[] {
  return problems.map((problem) => explain(problem, referencePosition(place, problem.written), env))
}

function explain(
  { kind, name, written }: EnvProblem,
  at: Position,
  env: Readonly<Record<string, string | undefined>>,
): Diagnostic {
  switch (kind) {
    case 'unset': {
      const message = `environment variable ${shown(name)} is not set${didYouMean(name, Object.keys(env))}`
      const near = nearestWords(name, Object.keys(env))[0]
      return specError(
        'spec-env-unset',
        at,
        message,
        near === undefined ? `export ${name}=…` : `write \`\${env:${near}}\`, or set ${name}`,
      )
    }
    case 'empty':
      return specError('spec-env-unset', at, `environment variable ${shown(name)} is set but empty`, `export ${name}=…`)
    case 'malformed': {
      const meant = name === '' ? 'NAME' : name
      const message = `${shown(written)} is not a reference belt knows: there is only \`\${env:NAME}\`, without defaults`
      return specError('spec-env-syntax', at, message, `write \`\${env:${meant}}\`, or \`$\${\` for a literal \`\${\``)
    }
  }
}

function referencePosition(place: Place, written: string): Position {
  const offset = place.raw.split('\n', 1)[0]?.indexOf(written) ?? -1
  if (offset < 0) return place.value
  const column = place.value.column + offset
  return { ...place.value, column, endColumn: column + written.length }
}
