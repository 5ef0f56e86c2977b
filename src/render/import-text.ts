import type { Diagnostic } from '../core/diagnostic.js'
import type { PasswordVariable } from '../pgbelt/to-spec.js'
import type { Style } from './text/style.js'
import { visible } from './text/visible.js'

/** What an import could not carry over. Without the lines themselves: they hold passwords. */
export function importReportText(diagnostics: readonly Diagnostic[], style: Style): string {
  return diagnostics
    .map(({ at, severity, code, message, fix }) => {
      const place = at === undefined ? '' : `${at.file}:${String(at.line)}:${String(at.column)}: `
      const head = `${visible(place)}${style.severity[severity](severity)}[${code}]: ${visible(message)}\n`
      return fix === undefined ? head : `${head}    fix: ${visible(fix)}\n`
    })
    .join('')
}

/** Which environment variables the specs want, and where pgbelt has each password. */
export function importVariablesText(variables: readonly PasswordVariable[]): string {
  const lines = variables.map(({ variable, field, file, at }) => {
    const place = at === undefined ? `${file} has none` : `${file}:${String(at.line)}:${String(at.column)}`
    return `  ${variable}  ${field}, ${visible(place)}\n`
  })
  return `Passwords stay where they are. Set these variables:\n${lines.join('')}`
}
