import { services } from '../services/index.ts'
import type { Address } from './context.ts'

const collections: ReadonlyMap<string, { readonly name: string; readonly parameter: string }> = new Map([
  ...services.flatMap(({ collections: more }) =>
    Object.entries(more).map(([name, parameter]) => [name.toLowerCase(), { name, parameter }] as const),
  ),
  ['users', { name: 'users', parameter: 'user' }],
  ['mailfolders', { name: 'mailFolders', parameter: 'folder' }],
  ['childfolders', { name: 'childFolders', parameter: 'folder' }],
  ['messages', { name: 'messages', parameter: 'message' }],
  ['attachments', { name: 'attachments', parameter: 'attachment' }],
  ['attachmentsessions', { name: 'attachmentSessions', parameter: 'session' }],
])

/** Segments that follow a collection without being an id. */
const serviceOperations = services.flatMap(({ operations: more }) => more)
const operations: ReadonlySet<string> = new Set(
  ['delta', '$count', 'createUploadSession', ...serviceOperations].map((name) => name.toLowerCase()),
)
const plainNames: ReadonlyMap<string, string> = new Map(
  [
    'delta',
    '$count',
    '$value',
    'createUploadSession',
    'move',
    'copy',
    'permanentDelete',
    '$batch',
    ...serviceOperations,
  ].map((name) => [name.toLowerCase(), name]),
)

/**
 * Takes a path below the version apart. Accepts what Graph accepts: any case in names, `messages('id')` beside
 * `messages/id`, `delta()`, `microsoft.graph.delta`, folders inside folders to any depth.
 */
export function parseAddress(path: string): Address | undefined {
  for (const { address } of services) {
    const own = address?.(path)
    if (own !== undefined) return own
  }
  const segments = segmentsOf(path)
  if (segments === undefined) return undefined
  const parameters: Record<string, string> = {}
  const template: string[] = []
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] ?? ''
    const collection = collections.get(segment.toLowerCase())
    const next = segments[index + 1]
    if (collection === undefined) {
      template.push(plainNames.get(segment.toLowerCase()) ?? segment)
    } else if (next === undefined || operations.has(next.toLowerCase())) {
      template.push(collection.name)
    } else {
      index++
      if (collection.name === 'childFolders' && parameters.folder !== undefined)
        parameters.parentFolder = parameters.folder
      parameters[collection.parameter] = next
      dropFolders(template, collection.parameter)
      template.push(collection.name === 'childFolders' ? 'mailFolders' : collection.name, `{${collection.parameter}}`)
    }
  }
  return { template: template.join('/'), parameters }
}

/** A message or a folder is found by its own id: the folders before it only have to fit. */
function dropFolders(template: string[], parameter: string): void {
  if (parameter !== 'message' && parameter !== 'folder') return
  const at = template.indexOf('mailFolders')
  if (at >= 0) template.splice(at)
}

function segmentsOf(path: string): string[] | undefined {
  const segments: string[] = []
  for (const part of path.split('/')) {
    if (part === '') continue
    const text = decoded(part)
    if (text === undefined) return undefined
    const [, name, key] = /^([A-Za-z.]+)\('([^']*)'\)$/.exec(text) ?? []
    if (name !== undefined && key !== undefined) segments.push(name, key)
    else segments.push(text.replace(/\(\)$/, '').replace(/^microsoft\.graph\./i, ''))
  }
  return segments
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
