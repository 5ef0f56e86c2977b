import { html, type Html } from './escape.js'
import { PAGE_STYLE } from './page-style.js'

/** A page that loads nothing and runs nothing. */
export function htmlPage(title: string, body: readonly Html[]): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${{ markup: PAGE_STYLE }}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `
  return page.markup
}

/** A heading with a list; nothing when the list is empty. */
export function htmlSection(title: string, items: readonly Html[]): readonly Html[] {
  return items.length === 0
    ? []
    : [
        html`<h2>${title}</h2>
          <ul>
            ${items}
          </ul> `,
      ]
}
