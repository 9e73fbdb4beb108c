/** A pattern over paths of a snapshot: `*` stands for any letters of one name, `**` for any names in between. */
export interface PathPattern {
  /** Names without slashes around them. */
  readonly text: string
  /** Whether the path is what the pattern names, or below it. Case does not matter. */
  readonly covers: (path: string) => boolean
}

export function pathPattern(text: string): PathPattern {
  const names = text.split('/').filter((name) => name !== '')
  const source = names.map((name) => (name === '**' ? '(?:[^/]+/)*' : `${nameSource(name)}/`)).join('')
  const expression = new RegExp(`^${source}`, 'isu')
  return { text: names.join('/'), covers: (path) => expression.test(`${path.replaceAll(/^\/+|\/+$/g, '')}/`) }
}

function nameSource(name: string): string {
  return name.split(/\*+/).map(escaped).join('[^/]*')
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
