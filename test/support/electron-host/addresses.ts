// Chromium knows no scheme but its own. An address of a scheme that the app answers itself stands in the browser as
// an https address below a name that exists nowhere: app://bundle/index.html is https://bundle.app.holdfast.invalid/index.html.

const domain = 'holdfast.invalid'
const inBrowser = /https:\/\/([a-z0-9.-]+)\.([a-z][a-z0-9+-]*)\.holdfast\.invalid/gi

/** From Chromium's addresses to the app's, wherever in `text` they are. */
export function toApp(text: string): string {
  return text.replace(inBrowser, (_all, host: string, scheme: string) => `${scheme}://${host}`)
}

/** From the app's addresses to Chromium's, wherever in `text` they are. `schemes` are those that the app answers itself. */
export function toBrowser(text: string, schemes: readonly string[]): string {
  if (schemes.length === 0) return text
  const known = new RegExp(`\\b(${schemes.join('|')})://([a-z0-9-][a-z0-9.-]*)`, 'gi')
  return text.replace(known, (_all, scheme: string, host: string) =>
    `https://${host}.${scheme}.${domain}`.toLowerCase(),
  )
}

/** A Content-Security-Policy, in which a scheme may stand by itself: `img-src app:`. */
export function policyToBrowser(policy: string, schemes: readonly string[]): string {
  if (schemes.length === 0) return policy
  const alone = new RegExp(`(?<=^|[\\s;,])(${schemes.join('|')}):(?=$|[\\s;,])`, 'gi')
  return toBrowser(policy, schemes).replace(alone, (_all, scheme: string) => `https://*.${scheme}.${domain}`)
}
