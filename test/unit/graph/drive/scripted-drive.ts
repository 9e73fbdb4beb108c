import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import type { BatchAnswer, GraphClient, GraphPage } from '../../../../src-main/graph/client/types.ts'
import type { DriveAccess } from '../../../../src-main/graph/drive/drive-requests.ts'

/** What a drive answers, to bring about what no well-behaved one does. */
export interface Script {
  /** Delta pages by link; "start" is the listing from the start. A code instead of pages: it rejects with that. */
  readonly deltas: Readonly<Record<string, readonly (readonly JsonObject[])[] | 'graph.cursor-lost'>>
  /** What can be asked for by id; the rest is not found. */
  readonly items?: Readonly<Record<string, JsonObject>>
  readonly children?: Readonly<Record<string, readonly JsonObject[]>>
}

export interface ScriptedDrive {
  readonly access: DriveAccess
  /** Addresses that were asked for, each member of a batch on its own. */
  readonly asked: string[]
}

/** A drive "D" whose folder "R" has everything. Its delta links are made of the link that was asked for: "start" leads to "start+". */
export function scriptedDrive(script: Script): ScriptedDrive {
  const asked: string[] = []
  const answer = (path: string): JsonObject => {
    asked.push(path.replace('/drives/D/', ''))
    const [, id = '', children] = /items\/([^/]+)(\/children)?$/.exec(path) ?? []
    const item = script.items?.[id]
    if (children !== undefined && script.children?.[id] !== undefined) return { value: script.children[id] }
    if (path.endsWith('/root')) return root
    if (item === undefined || children !== undefined) throw new EngineError('graph.not-found')
    return item
  }
  async function* pages(request: { readonly path: string }): AsyncGenerator<GraphPage<JsonObject>, void, undefined> {
    const link = request.path.startsWith('/drives/') ? 'start' : request.path
    asked.push(`delta ${link}`)
    const found = script.deltas[link] ?? []
    if (typeof found === 'string') throw new EngineError(found)
    for (const [index, value] of found.entries()) {
      const isLast = index === found.length - 1
      yield await Promise.resolve({ value, ...(isLast ? { deltaLink: `${link}+` } : { nextLink: 'next' }) })
    }
  }
  const one = (path: string): BatchAnswer => {
    try {
      return { ok: true, status: 200, body: answer(path) }
    } catch (error) {
      return { ok: false, error: error as EngineError }
    }
  }
  const client = {
    pages,
    json: (request: { readonly path: string }) => Promise.resolve(answer(request.path)),
    batch: (members: readonly { readonly path: string }[]) => Promise.resolve(members.map(({ path }) => one(path))),
  } as unknown as GraphClient
  return { access: { client, drive: 'D', now: () => 0, signal: new AbortController().signal }, asked }
}

export const root: JsonObject = { id: 'R', name: 'root', root: {}, folder: { childCount: 1 }, parentReference: {} }

export function folder(id: string, parent: string, childCount = 0): JsonObject {
  return { id, name: id.toLowerCase(), folder: { childCount }, parentReference: { id: parent } }
}

export function file(id: string, parent: string | undefined, more: JsonObject = {}): JsonObject {
  const parentReference = parent === undefined ? {} : { id: parent }
  return { id, name: `${id}.txt`, file: {}, size: 1, eTag: `"${id},1"`, parentReference, ...more }
}

export function deleted(id: string, parent = 'R'): JsonObject {
  return { id, deleted: {}, parentReference: { id: parent } }
}
