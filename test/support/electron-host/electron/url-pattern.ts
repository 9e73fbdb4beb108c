import type { WebRequestFilter } from 'electron'

/** Whether Electron's match patterns (`<all_urls>`, `*://*.example.com/*`, `app://*`) let an address through. */
export function matches(filter: WebRequestFilter, url: string, resourceType: string): boolean {
  const { urls, excludeUrls = [], types } = filter
  const isOfType = types === undefined || types.some((type) => type === resourceType)
  const isWanted = urls.length === 0 || urls.some((pattern) => matchesOne(pattern, url))
  return isOfType && isWanted && !excludeUrls.some((pattern) => matchesOne(pattern, url))
}

function matchesOne(pattern: string, url: string): boolean {
  if (pattern === '<all_urls>') return true
  const [, scheme = '', host = '', path = '/*'] = /^([^:]+):\/\/([^/]*)(\/.*)?$/.exec(pattern) ?? []
  if (scheme === '') throw new Error(`Invalid url pattern ${pattern}`)
  const schemes = scheme === '*' ? '(?:https?|wss?)' : literal(scheme)
  return new RegExp(`^${schemes}://${hostExpression(host)}${literal(path)}$`, 's').test(url)
}

function hostExpression(host: string): string {
  if (host === '*' || host === '') return '[^/]*'
  const port = /:[\d*]+$/.test(host) ? '' : '(?::\\d+)?'
  return (host.startsWith('*.') ? `(?:[^/]+\\.)?${literal(host.slice(2))}` : literal(host)) + port
}

function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
}
