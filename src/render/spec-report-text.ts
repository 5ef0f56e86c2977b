import type { Diagnostic } from '../core/diagnostic.js'
import { formatDiagnostic } from '../spec/render-problem.js'
import type { Style } from './text/style.js'

/** Everything wrong with a spec in one report, in the order of the file, each with its place in the text. */
export function specReportText(diagnostics: readonly Diagnostic[], sourceText: string, style: Style): string {
  return diagnostics
    .map((d) => {
      const text = formatDiagnostic(d, sourceText).trimEnd()
      return `${text.replace(d.severity, () => style.severity[d.severity](d.severity))}\n\n`
    })
    .join('')
}
