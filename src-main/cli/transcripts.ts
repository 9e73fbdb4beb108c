import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toStoreError } from '../destinations/local-folder/store-errors.ts'
import { StoredType, type FolderPlace, type OpenRepository } from '../engine/index.ts'
import type { JsonObject } from '../engine/model/json.ts'
import type { HexId } from '../engine/model/ids.ts'
import type { TreeNode } from '../engine/model/tree.ts'
import { chatsDescriber } from '../graph/chats/reader.ts'
import { chatTranscript, type TranscriptMessage } from '../graph/chats/transcript.ts'
import { withPlace } from './destination.ts'

const FILE = 'transcript.html'

export interface TranscriptOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** Paths that are restored, from the snapshot's root; empty: everything. */
  readonly paths: readonly string[]
  readonly wants: (path: string, node: TreeNode) => boolean
  readonly target: string
  readonly signal: AbortSignal
}

/** Writes a readable page beside the files of each chat that is restored to disk whole. Gives their number. */
export async function writeTranscripts(options: TranscriptOptions): Promise<number> {
  let written = 0
  for (const kind of await folders(options, options.tree))
    for (const root of await folders(options, kind.subtree))
      for (const type of await folders(options, root.subtree)) {
        if (type.name !== chatsDescriber.folder || type.subtree === undefined) continue
        const path = `${kind.name}/${root.name}/${type.name}`
        written += await writeChats(options, path, type.subtree)
      }
  return written
}

async function folders({ repository, signal }: TranscriptOptions, tree: HexId | undefined): Promise<TreeNode[]> {
  if (tree === undefined) return []
  return (await repository.tree(tree, signal)).nodes.filter(({ type }) => type === 'dir')
}

async function writeChats(options: TranscriptOptions, path: string, tree: HexId): Promise<number> {
  const stored = new StoredType(options.repository, chatsDescriber, options.signal)
  const { folders: chats } = await stored.open(stored.top(tree))
  const { nodes } = await options.repository.tree(tree, options.signal)
  const chosen = chats.filter((chat) =>
    nodes.some((node) => node.name === chat.path && isChosen(options, `${path}/${chat.path}`, node)),
  )
  for (const chat of chosen) await writeChat(options, stored, chat, `${path}/${chat.path}`)
  return chosen.length
}

function isChosen({ paths, wants }: TranscriptOptions, chat: string, node: TreeNode): boolean {
  const isAsked =
    paths.length === 0 || paths.some((path) => path === '' || chat === path || chat.startsWith(`${path}/`))
  return isAsked && wants(chat, node)
}

async function writeChat(
  { repository, target, signal }: TranscriptOptions,
  stored: StoredType,
  chat: FolderPlace,
  path: string,
): Promise<void> {
  const { file, shards } = await stored.open(chat)
  const json = async (node: TreeNode): Promise<JsonObject> =>
    JSON.parse(Buffer.from(await repository.content(node.content ?? [], signal)).toString()) as JsonObject
  const messages: TranscriptMessage[] = []
  for (const shard of shards)
    for (const [name, item] of await stored.items(shard)) {
      const parts = (await stored.parts(item)).map(
        ({ name: part }) => [part, relative('attachments', name, part)] as const,
      )
      messages.push({ metadata: await json(item.metadata), parts: new Map(parts) })
    }
  const page = chatTranscript(file === undefined ? {} : await json(file), messages)
  await writePage(join(target, ...path.split('/')), page)
}

function relative(...names: readonly string[]): string {
  return names.map(encodeURIComponent).join('/')
}

/** What is there already is never overwritten. */
async function writePage(folder: string, page: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, FILE), page, { flag: 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw withPlace(toStoreError(error), folder)
  }
}
