/** A pattern over paths of a snapshot: `*` stands for any letters of one name, `**` for any names in between. */
export interface PathPattern {
  /** Names without slashes around them. */
  readonly text: string
  /** Whether the path is what the pattern names. Case does not matter. */
  readonly fits: (path: string) => boolean
  /** Whether the path is what the pattern names, or below it. */
  readonly covers: (path: string) => boolean
}

export function pathPattern(text: string): PathPattern {
  const names = namesIn(text)
  const source = names.map((name) => (name === '**' ? '(?:[^/]+/)*' : `${nameSource(name)}/`)).join('')
  const whole = new RegExp(`^${source}$`, 'isu')
  const beginning = new RegExp(`^${source}`, 'isu')
  const closed = (path: string): string => `${path.replaceAll(/^\/+|\/+$/g, '')}/`
  return {
    text: names.join('/'),
    fits: (path) => whole.test(closed(path)),
    covers: (path) => beginning.test(closed(path)),
  }
}

/** The names of a path, whatever slashes are around and between them. */
export function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

function nameSource(name: string): string {
  return name.split(/\*+/).map(escaped).join('[^/]*')
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
