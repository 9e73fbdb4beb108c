import { hash } from 'node:crypto'
import type { HexId } from '../../src-main/engine/model/ids.ts'
import type { JsonObject } from '../../src-main/engine/model/json.ts'
import type { TreeNode } from '../../src-main/engine/model/tree.ts'
import { CONTAINER_FILE, isShard } from '../../src-main/engine/operations/backup/layout.ts'
import { nodeAt } from '../../src-main/engine/operations/restore/walk-tree.ts'
import type { OpenRepository } from '../../src-main/engine/repository/repository.ts'
import { propertiesOf } from '../../src-main/graph/item/metadata.ts'
import type { GraphSimulator, MessageInfo } from './graph-simulator/index.ts'

/**
 * All mail of a tenant, one line per thing, in a form that a simulator's content and a snapshot have in common: equal
 * states are equal texts, and a difference shows what it is about. Keys: `<user>/folder/<id>`, `<user>/message/<id>`.
 */
export type MailState = Readonly<Record<string, object>>

/** What the simulator serves now. */
export async function servedState({ tenant }: Pick<GraphSimulator, 'tenant'>): Promise<MailState> {
  const state: Record<string, object> = {}
  for (const { userPrincipalName: user, hasMailbox } of tenant.users()) {
    if (!hasMailbox) continue
    const folders = tenant.folders(user)
    const ids = new Set(folders.map(({ id }) => id))
    for (const { id, displayName, parentFolderId, isHidden } of folders) {
      const parent = parentFolderId !== undefined && ids.has(parentFolderId) ? parentFolderId : ''
      state[`${user}/folder/${id}`] = { name: displayName, parent, isHidden }
    }
    // What was deleted is no part of the tree, and stored as one more folder if there is something.
    const deleted = tenant.folder(user, 'recoverableitemsdeletions')
    if (deleted.totalItemCount > 0) {
      ids.add(deleted.id)
      state[`${user}/folder/${deleted.id}`] = { name: 'Recoverable Items', parent: '', isHidden: true }
    }
    for (const message of tenant.eachMessage(user))
      if (ids.has(message.parentFolderId))
        state[`${user}/message/${message.id}`] = servedMessage(message, await tenant.mime(user, message.id))
  }
  return state
}

function servedMessage(message: MessageInfo, mime: Uint8Array): object {
  const { parentFolderId, subject, receivedDateTime, isRead, isDraft, importance, categories, flag } = message
  const fields = { subject: subject ?? '', receivedDateTime, isRead, isDraft, importance, categories, flag }
  return { folder: parentFolderId, mime: hash('sha256', mime), ...fields }
}

/** What a snapshot holds, read from its trees and blobs. Fails when a folder, a name or a file is not as it should be. */
export async function storedState(repository: OpenRepository, tree: HexId): Promise<MailState> {
  const state: Record<string, object> = {}
  const { nodes } = await repository.tree(tree)
  if (!nodes.some(({ name }) => name === 'users')) return state
  const users = await nodeAt(repository, tree, 'users')
  for (const user of await below(repository, users?.subtree)) {
    const types = await below(repository, user.subtree)
    const mailbox = types.find(({ name }) => name === 'mailbox')
    await new MailboxReading(repository, user.name, state).folders(await below(repository, mailbox?.subtree), '')
  }
  return state
}

class MailboxReading {
  readonly #repository: OpenRepository
  readonly #user: string
  readonly #state: Record<string, object>

  constructor(repository: OpenRepository, user: string, state: Record<string, object>) {
    this.#repository = repository
    this.#user = user
    this.#state = state
  }

  async folders(nodes: readonly TreeNode[], parent: string): Promise<void> {
    for (const { name, subtree } of nodes) {
      if (subtree === undefined || isShard(name)) continue
      const inside = await below(this.#repository, subtree)
      const file = inside.find((node) => node.name === CONTAINER_FILE)
      if (file === undefined) throw new Error(`folder without its own metadata: ${name}`)
      const metadata = await this.#json(file)
      const id = idOf(metadata)
      const { isHidden } = propertiesOf(metadata)
      this.#put(`folder/${id}`, { name: metadata['o365:Name'], parent, isHidden })
      for (const node of inside)
        if (node.subtree !== undefined && isShard(node.name)) await this.#messages(node.subtree, id)
      await this.folders(inside, id)
    }
  }

  async #messages(tree: HexId, folder: string): Promise<void> {
    const nodes = await below(this.#repository, tree)
    const contents = new Map(nodes.filter(({ name }) => name.endsWith('.eml')).map((node) => [node.name, node]))
    const files = nodes.filter(({ name }) => name.endsWith('.json'))
    if (contents.size !== files.length || contents.size + files.length !== nodes.length)
      throw new Error('contents and metadata do not come in pairs')
    for (const file of files) {
      const metadata = await this.#json(file)
      const content = contents.get(`${file.name.slice(0, -'.json'.length)}.eml`)
      const mime = await this.#repository.content(content?.content ?? [])
      this.#put(`message/${idOf(metadata)}`, storedMessage(metadata, folder, mime))
    }
  }

  async #json(node: TreeNode): Promise<JsonObject> {
    return JSON.parse(Buffer.from(await this.#repository.content(node.content ?? [])).toString()) as JsonObject
  }

  #put(key: string, value: object): void {
    const name = `${this.#user}/${key}`
    if (name in this.#state) throw new Error(`twice in one snapshot: ${name}`)
    this.#state[name] = value
  }
}

function storedMessage(metadata: JsonObject, folder: string, mime: Uint8Array): object {
  const { subject, receivedDateTime, isRead, isDraft, importance, categories, flag } = propertiesOf(metadata)
  const fields = { subject: subject ?? '', receivedDateTime, isRead, isDraft, importance, categories, flag }
  return { folder, mime: hash('sha256', mime), ...fields }
}

function idOf(metadata: JsonObject): string {
  const id = metadata['o365:Id']
  if (typeof id !== 'string') throw new Error('metadata without an id')
  return id
}

async function below(repository: OpenRepository, tree: HexId | undefined): Promise<readonly TreeNode[]> {
  return tree === undefined ? [] : (await repository.tree(tree)).nodes
}
