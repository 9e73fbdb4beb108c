/** Text as Exchange takes it in JSON: without what XML cannot carry. Half surrogates become replacement characters. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, (control) => (isAllowed(control) ? control : ''))
    .replace(/[\ufffe\uffff]/g, '')
}

/** Tab, line breaks, and the upper controls, which XML takes. */
function isAllowed(control: string): boolean {
  return control === '\t' || control === '\n' || control === '\r' || control >= '\u007f'
}
