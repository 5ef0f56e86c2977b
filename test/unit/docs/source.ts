import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

export const ROOT = path.resolve(import.meta.dirname, '../../..')

/** The parsed TypeScript files under folders of the repository. */
export function parsedSources(...folders: readonly string[]): readonly ts.SourceFile[] {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => path.posix.join(folder, name)),
  )
  return files
    .sort()
    .map((file) =>
      ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.ESNext, true),
    )
}

/** Calls `visit` for every node of the file. */
export function everyNode(file: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    visit(node)
    ts.forEachChild(node, walk)
  }
  walk(file)
}

/** The texts an expression can be, as far as literals and conditions tell; undefined when something else decides. */
export function literalTexts(expression: ts.Expression): readonly string[] | undefined {
  if (ts.isStringLiteralLike(expression)) return [expression.text]
  if (ts.isAsExpression(expression) || ts.isParenthesizedExpression(expression)) {
    return literalTexts(expression.expression)
  }
  if (!ts.isConditionalExpression(expression)) return undefined
  const [yes, no] = [literalTexts(expression.whenTrue), literalTexts(expression.whenFalse)]
  return yes && no && [...yes, ...no]
}

/** Sets of words by key, e.g. the exit codes of each error code. */
export class Found {
  readonly #words = new Map<string, Set<string>>()

  add(key: string, word: string): void {
    this.#words.set(key, (this.#words.get(key) ?? new Set()).add(word))
  }

  /** Words sorted, joined by ` or `. */
  joined(): ReadonlyMap<string, string> {
    return new Map([...this.#words].sort().map(([key, words]) => [key, [...words].sort().join(' or ')]))
  }
}
