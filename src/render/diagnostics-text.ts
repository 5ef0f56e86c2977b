import type { Diagnostic } from '../core/diagnostic.js'
import { sortDiagnostics } from '../core/diagnostic.js'
import { hang } from './text/wrap.js'
import type { Style } from './text/style.js'
import { visible, visibleLines } from './text/visible.js'

/** Findings as paragraphs, errors first: what and where, then the fix. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], style: Style): readonly string[] {
  return sortDiagnostics(diagnostics).flatMap((d, index) => [...(index === 0 ? [] : ['']), ...diagnosticText(d, style)])
}

function diagnosticText(d: Diagnostic, style: Style): readonly string[] {
  const where = d.side === undefined ? '' : ` (${d.side})`
  const head = `${d.severity} ${d.code}${where}: `
  const [first = '', ...rest] = hang('  ', visible(`${head}${d.message}`), style.width)
  return [
    first.replace(d.severity, () => style.severity[d.severity](d.severity)),
    ...rest,
    ...(d.at === undefined ? [] : [style.dim(`    at ${visible(`${d.at.file}:${d.at.line}:${d.at.column}`)}`)]),
    ...(d.fix === undefined ? [] : fixText(d.fix, style)),
  ]
}

/** A fix of one line is a sentence; one of several is a statement or YAML to copy, kept as it is. */
function fixText(fix: string, style: Style): readonly string[] {
  const lines = visibleLines(fix).split('\n')
  if (lines.length === 1) return hang('    fix: ', lines[0] ?? '', style.width)
  return ['    fix:', ...lines.map((line) => `      ${line}`)]
}
