import ts from 'typescript'
import { everyNode, Found, literalTexts, parsedSources } from './source.js'

const EXIT: Readonly<Record<string, string>> = {
  BeltError: '1',
  UsageError: '64',
  RefusedError: '3',
  StoppedError: '4',
  LockedError: '5',
}

interface ErrorClass {
  readonly parent: string
  /** Its constructor takes the code, or it has none of its own. */
  readonly takesCode: boolean
}

/** Exit codes by error code: of everything in src that is thrown as a BeltError or a class made from it. */
export function errorCodes(): ReadonlyMap<string, string> {
  const files = parsedSources('src')
  const classes = errorClasses(files)
  const found = new Found()
  for (const file of files) {
    everyNode(file, (node) => {
      const made = madeError(node, classes)
      if (made === undefined) return
      for (const code of codesOf(made.code, file)) found.add(code, exitOf(made.class, classes))
    })
  }
  return found.joined()
}

function errorClasses(files: readonly ts.SourceFile[]): ReadonlyMap<string, ErrorClass> {
  const all = new Map<string, ErrorClass>()
  for (const file of files) {
    everyNode(file, (node) => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return
      const parent = node.heritageClauses?.[0]?.types[0]?.expression.getText() ?? ''
      const constructor = node.members.find((m) => ts.isConstructorDeclaration(m))
      const first = constructor?.parameters[0]?.name.getText()
      all.set(node.name.text, { parent, takesCode: constructor === undefined || first === 'code' })
    })
  }
  const isError = (name: string): boolean => name === 'BeltError' || isErrorChild(all.get(name))
  const isErrorChild = (c: ErrorClass | undefined): boolean => c !== undefined && c.parent !== '' && isError(c.parent)
  return new Map([...all].filter(([name]) => isError(name)))
}

/** `new SomeError(code, …)`, or the `super(code, …)` of a class with a code of its own. */
function madeError(
  node: ts.Node,
  classes: ReadonlyMap<string, ErrorClass>,
): { readonly class: string; readonly code: ts.Expression } | undefined {
  if (ts.isNewExpression(node)) {
    const code = node.arguments?.[0]
    const name = node.expression.getText()
    return code !== undefined && classes.get(name)?.takesCode === true ? { class: name, code } : undefined
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword) return undefined
  const [code] = node.arguments
  const owner = ts.findAncestor(node, ts.isClassDeclaration)?.name?.text ?? ''
  if (code === undefined || classes.get(owner)?.takesCode !== false) return undefined
  return { class: owner, code }
}

/** A code that is passed on counts where it was made; one chosen elsewhere in the file is one of the file's words. */
function codesOf(code: ts.Expression, file: ts.SourceFile): readonly string[] {
  if (ts.isPropertyAccessExpression(code) && code.name.text === 'code') return []
  return literalTexts(code) ?? wordsOf(file)
}

function wordsOf(file: ts.SourceFile): readonly string[] {
  const words: string[] = []
  everyNode(file, (node) => {
    if (ts.isStringLiteral(node) && /^[a-z]+(-[a-z]+)+$/.test(node.text)) words.push(node.text)
  })
  return words
}

function exitOf(name: string, classes: ReadonlyMap<string, ErrorClass>): string {
  return EXIT[name] ?? exitOf(classes.get(name)?.parent ?? 'BeltError', classes)
}
