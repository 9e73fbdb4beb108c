import { invalidRequest } from '../errors.ts'

/** Limits of names and paths. Source: "Restrictions and limitations in OneDrive and SharePoint", support.microsoft.com */
const longestName = 255
const longestPath = 400
const firstPrintable = 0x20
const forbidden = /["*:<>?/\\|]/
const reserved = /^(\.lock|con|prn|aux|nul|com[0-9]|lpt[0-9]|desktop\.ini)$/i

/** How names are compared: regardless of case, but NFC and NFD forms are two names. */
export const foldName = (name: string): string => name.toLowerCase()

/** Refuses names that drives do not take. */
export function checkName(name: string, isTopLevel: boolean, isFolder: boolean): void {
  const shaped = name !== '' && name === name.trim() && !name.endsWith('.') && !hasControls(name)
  if (!shaped || forbidden.test(name))
    throw invalidRequest('The provided name cannot contain any of the following characters: " * : < > ? / \\ |')
  if (reserved.test(name) || /_vti_/i.test(name) || name.startsWith('~$'))
    throw invalidRequest('The provided name is a reserved name.')
  if (isFolder && isTopLevel && /^forms$/i.test(name)) throw invalidRequest('The provided name is a reserved name.')
  if (name.length > longestName) throw invalidRequest('The provided name is too long.', 'nameIsTooLong')
}

const hasControls = (name: string): boolean => Buffer.from(name).some((byte) => byte < firstPrintable)

/** The decoded path counts from the site's folder on, the library's name included. */
export function checkPath(path: string): void {
  if (path.length > longestPath) throw invalidRequest('The specified path is too long.', 'pathIsTooLong')
}

/** `a.txt` -> `a 1.txt`, for conflictBehavior "rename". */
export function freeName(name: string, isFolder: boolean, isTaken: (name: string) => boolean): string {
  const dot = isFolder ? -1 : name.lastIndexOf('.')
  const stem = dot > 0 ? name.slice(0, dot) : name
  const extension = dot > 0 ? name.slice(dot) : ''
  for (let number = 1; ; number++) {
    const candidate = `${stem} ${String(number)}${extension}`
    if (!isTaken(candidate)) return candidate
  }
}

const typesByExtension: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  heic: 'image/heic',
  mp4: 'video/mp4',
  zip: 'application/zip',
  one: 'application/msonenote',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
}

export function mimeTypeOf(name: string): string {
  return typesByExtension[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}

export const isOfficeFile = (name: string): boolean => /\.(docx|xlsx|pptx)$/i.test(name)
