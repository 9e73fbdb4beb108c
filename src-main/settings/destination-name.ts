import { isAbsolute, normalize, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const URL_SCHEME = /^@?[a-z][a-z0-9+.-]+:\/\//i
const FILE_SCHEME = /^file:\/\//i

/**
 * A destination as a plan keeps it: an absolute path where it is a folder, so that it means the same wherever the plan
 * runs. A URL of another kind stays as it is.
 */
export function keptDestination(destination: string): string {
  const name = destinationName(destination)
  return URL_SCHEME.test(name) ? name : resolve(name)
}

/**
 * One name for all spellings of a folder (`/a/x/`, `/a/./x`, `file:///a/x`). What is no folder stays as it is. A
 * relative path, as plans of earlier versions have them, stays relative: the name must not depend on who looks.
 */
export function destinationName(destination: string): string {
  const path = FILE_SCHEME.test(destination) ? pathOf(destination) : destination
  if (URL_SCHEME.test(path)) return path
  return isAbsolute(path) ? resolve(path) : withoutEnd(normalize(path))
}

/** What is no file URL of this machine is told when it is used. */
function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}

function withoutEnd(path: string): string {
  return path.endsWith(sep) ? path.slice(0, -1) : path
}
