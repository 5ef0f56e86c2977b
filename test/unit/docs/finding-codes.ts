import ts from 'typescript'
import { everyNode, Found, literalTexts, parsedSources } from './source.js'

/** What the planner and the engines report of a database or a plan. */
export interface FindingCodes {
  /** Severities by code of a diagnostic. */
  readonly diagnostics: ReadonlyMap<string, string>
  /** Codes of hazards. */
  readonly hazards: readonly string[]
  /** Of these the ones that ask for an approval. */
  readonly approvable: readonly string[]
}

const SEVERITIES = ['error', 'info', 'warning']

/** Reads every object literal with a `code` of the planner, its rules and the engines: with a severity it is a diagnostic. */
export function findingCodes(): FindingCodes {
  const diagnostics = new Found()
  const hazards = new Set<string>()
  const approvable = new Set<string>()
  for (const file of parsedSources('src/planner', 'src/engines', 'src/migration')) {
    everyNode(file, (node) => {
      if (!ts.isObjectLiteralExpression(node)) return
      const code = member(node, 'code')
      if (code === undefined) return
      const codes = literalTexts(code)
      if (codes === undefined) throw new Error(`a code that is no literal: ${code.getText()} in ${file.fileName}`)
      const severity = member(node, 'severity')
      for (const each of codes) {
        if (severity === undefined) hazards.add(each)
        if (member(node, 'approval') !== undefined) approvable.add(each)
        for (const word of severity === undefined ? [] : severities(severity)) diagnostics.add(each, word)
      }
    })
  }
  return { diagnostics: diagnostics.joined(), hazards: [...hazards].sort(), approvable: [...approvable].sort() }
}

function member(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = node.properties.find((p) => ts.isPropertyAssignment(p) && p.name.getText() === name)
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined
}

function severities(expression: ts.Expression): readonly string[] {
  const texts = literalTexts(expression)
  if (texts?.every((t) => SEVERITIES.includes(t)) !== true) {
    throw new Error(`a severity that is no literal: ${expression.getText()}`)
  }
  return texts
}
