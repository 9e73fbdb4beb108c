import { EngineError } from '../../engine/model/errors.ts'

/** Builds a path whose values are encoded: graphPath`/users/${id}/messages/${messageId}`. */
export function graphPath(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return strings.map((text, at) => (at === 0 ? text : encodeURIComponent(values[at - 1] ?? '') + text)).join('')
}

/** `base` and its version, checked: https, or plain http to this machine. */
export function checkedBase(baseUrl: string): URL {
  const url = parse(baseUrl)
  if (url === undefined || !isSafe(url)) throw new EngineError('usage', { context: { reason: 'graph-base-url' } })
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}/v1.0`)
}

/** An address of Graph itself. A token goes there, so another origin than the base's is refused. */
export function graphUrl(base: URL, path: string): URL {
  const url = path.startsWith('/') ? parse(base.href + path) : parse(path)
  if (url === undefined) throw refused('malformed-url')
  if (url.origin !== base.origin) throw refused('foreign-origin')
  return withoutLogin(url)
}

/** A pre-authenticated address, which carries its permission in itself. */
export function anonymousUrl(address: string): URL {
  const url = parse(address)
  if (url === undefined) throw refused('malformed-url')
  if (!isSafe(url)) throw refused('insecure-url')
  return withoutLogin(url)
}

export function addQuery(url: URL, query: Readonly<Record<string, string | number | boolean>>): URL {
  const added = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
  if (added.length === 0) return url
  const separator = url.search === '' ? '?' : '&'
  return new URL(url.href + separator + added.join('&'))
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname)
}

function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

/** `$` and `,` stay readable in OData's options; neither has a meaning in a query. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%24', '$').replaceAll('%2C', ',')
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function withoutLogin(url: URL): URL {
  if (url.username !== '' || url.password !== '') throw refused('malformed-url')
  url.hash = ''
  return url
}

function refused(reason: string): EngineError {
  return new EngineError('graph.request-refused', { context: { reason } })
}
