import { escapeHtml } from '../item/html-entities.ts'
import { transcriptStyle } from './transcript-style.ts'

const policy = "default-src 'none'; img-src data: file: 'self'; style-src 'unsafe-inline'"

/** A complete page around a transcript: no scripts, and nothing is loaded but pictures beside it. */
export function documentHtml(title: string, body: string): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${transcriptStyle}</style>`,
    '</head>',
    `<body>\n${body}\n</body>`,
    '</html>',
    '',
  ].join('\n')
}
