import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { Diagnostic } from '../core/diagnostic.js'
import { createLocate, type Locate } from './locate.js'
import { shown, specError } from './report.js'
import type { SpecTree } from './spec-tree.js'
import { walkYaml } from './walk-yaml.js'
import { explainYaml } from './yaml-problem.js'

/** Beyond this many syntax errors the rest are consequences of the first. */
const SYNTAX_ERRORS_SHOWN = 3

/** YAML text as data with places. No tree when the syntax leaves its meaning open. */
export function readYaml(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly tree?: SpecTree; readonly diagnostics: readonly Diagnostic[] } {
  const lines = new LineCounter()
  const locate = createLocate(lines, file)
  const document = parse(text, lines)
  if (document === undefined) {
    return { diagnostics: [specError('spec-yaml', locate(null), 'this file is nested too deeply to be a spec')] }
  }
  const bare = document.errors.map((error) => bareReference(text, error, locate)).find((d) => d !== undefined)
  if (bare !== undefined) return { diagnostics: [bare] }
  const problems = rootCauses([...document.errors, ...document.warnings])
  const diagnostics = firstOfEachLine(problems.map((error) => yamlDiagnostic(error, locate))).slice(
    0,
    SYNTAX_ERRORS_SHOWN,
  )
  const fatal = problems.some((error) => error.code !== 'DUPLICATE_KEY' && error.code !== 'TAG_RESOLVE_FAILED')
  if (fatal) return { diagnostics }
  if (document.contents === null) {
    const fix = 'write one with `belt init`'
    return { diagnostics: [...diagnostics, specError('spec-empty', locate(null), 'the file says nothing', fix)] }
  }
  const walked = walkYaml({ document, text, env, locate })
  return { tree: walked.tree, diagnostics: [...diagnostics, ...walked.diagnostics] }
}

/** Inside `{ }` and `[ ]` YAML takes the brace of a bare `${env:NAME}` for the beginning of a map. */
function bareReference(text: string, error: YAMLError, locate: Locate): Diagnostic | undefined {
  const start = error.pos[0] - 1
  const written = /^\$\{env:[^}\s]*\}?/.exec(text.slice(start, start + 200))?.[0]
  if (written === undefined) return undefined
  const message = `inside { } and [ ], ${shown(written)} must stand in quotes`
  return specError('spec-yaml', locate([start, start + written.length]), message, `write "${written}"`)
}

/** A tab in the indentation makes the lines after it wrong in ways that only confuse. */
function rootCauses(problems: readonly YAMLError[]): readonly YAMLError[] {
  const tabs = problems.filter((error) => error.code === 'TAB_AS_INDENT')
  return tabs.length > 0 ? tabs : problems
}

function firstOfEachLine(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const lines = diagnostics.map((d) => d.at?.line)
  return diagnostics.filter((d, index) => lines.indexOf(d.at?.line) === index)
}

function parse(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> | undefined {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, schema: 'core', version: '1.2', logLevel: 'error' })
  } catch (error) {
    // The composer recurses: a file of ten thousand brackets exhausts the stack.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function yamlDiagnostic(error: YAMLError, locate: Locate): Diagnostic {
  const { message, fix } = explainYaml(error.code, error.message)
  const code = error.code === 'DUPLICATE_KEY' ? 'spec-duplicate-key' : 'spec-yaml'
  return specError(code, locate(error.pos), message, fix)
}
