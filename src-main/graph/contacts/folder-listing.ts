import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container, ContainerListing } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { filledText, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

export interface ContactFolder {
  readonly id: string
  /** Of the folder above; undefined for the default folder and what hangs beside it. */
  readonly parentId: string | undefined
  readonly name: string
  /** The folder where contacts are if nobody puts them elsewhere. Its name depends on the mailbox's language. */
  readonly isDefault: boolean
}

const pageSize = 250

/** By what `containers` marks the default folder. */
export const defaultRole = 'default'

/**
 * All contact folders as containers. Each run asks for the children of every folder, those that are known all in one
 * batch: a folder delta exists, but nothing says that it covers nested folders and the default folder.
 */
export async function listContactContainers(
  mailbox: Mailbox,
  last: ContainerListing | undefined,
): Promise<ContainerListing> {
  const folders = await listContactFolders(mailbox, last?.containers.map(({ id }) => id) ?? [])
  return { containers: folders.map(containerOf), cursor: undefined }
}

function containerOf({ id, parentId, name, isDefault }: ContactFolder): Container {
  const facts = { id, displayName: name, ...(parentId === undefined ? {} : { parentFolderId: parentId }) }
  const properties = { ...facts, ...(isDefault ? { role: defaultRole } : {}) }
  return { id, parentId, name, properties: containerMetadata('contactFolder', name, properties) }
}

/** Parents before children. `known`: ids of folders that were there before, whose children are asked for at once. */
export async function listContactFolders(
  mailbox: Mailbox,
  known: readonly string[],
): Promise<readonly ContactFolder[]> {
  const { user } = mailbox
  const members = [
    { path: graphPath`/users/${user}/contactFolders/contacts` },
    { path: graphPath`/users/${user}/contactFolders`, query: { $top: pageSize } },
    ...known.map((id) => childrenMember(user, id)),
  ]
  const [named, top, ...below] = await send(mailbox, members, user)
  const topmost = await entries(mailbox, top)
  const main = await defaultFolder(mailbox, named)
  const found = new Map<string, JsonObject>()
  if (main !== undefined) put(found, [main])
  put(found, topmost)
  const asked = new Set(known)
  await putChildren(mailbox, found, below)
  for (let level = unasked(found, asked); level.length > 0; level = unasked(found, asked)) {
    await putChildren(
      mailbox,
      found,
      await send(
        mailbox,
        level.map((id) => childrenMember(user, id)),
      ),
    )
  }
  return inOrder([...found.values()], text(main ?? {}, 'id'))
}

function childrenMember(user: string, id: string): BatchMember {
  return { path: graphPath`/users/${user}/contactFolders/${id}/childFolders`, query: { $top: pageSize } }
}

function send(
  { client, user, signal }: Mailbox,
  members: readonly BatchMember[],
  together?: string,
): Promise<readonly BatchAnswer[]> {
  return client.batch(members, { pool: mailboxPool(user), signal, together })
}

function entries({ client, user, signal }: Mailbox, answer: BatchAnswer | undefined): ReturnType<typeof answerEntries> {
  return answerEntries(client, answer, { pool: mailboxPool(user), signal })
}

function put(found: Map<string, JsonObject>, folders: readonly JsonObject[]): void {
  for (const folder of folders) {
    const id = text(folder, 'id')
    if (id !== undefined && !found.has(id)) found.set(id, folder)
  }
}

async function putChildren(
  mailbox: Mailbox,
  found: Map<string, JsonObject>,
  answers: readonly BatchAnswer[],
): Promise<void> {
  for (const answer of answers) {
    // Removed since: the listing of the folder above tells.
    if (!answer.ok && isEngineError(answer.error, 'graph.not-found')) continue
    put(found, await entries(mailbox, answer))
  }
}

/** Ids of the folders whose children are not known yet; they count as asked from now on. */
function unasked(found: ReadonlyMap<string, JsonObject>, asked: Set<string>): readonly string[] {
  const ids = [...found.keys()].filter((id) => !asked.has(id))
  for (const id of ids) asked.add(id)
  return ids
}

/**
 * The default folder. It answers to the name "contacts", which works but is not documented; otherwise its contacts,
 * which are listed without naming a folder, tell its id. An empty one then stays unknown: there is nothing in it.
 */
async function defaultFolder(mailbox: Mailbox, named: BatchAnswer | undefined): Promise<JsonObject | undefined> {
  if (named?.ok !== false || !isUnknownName(named.error)) return answerBody(named)
  const { client, user, signal } = mailbox
  const pool = mailboxPool(user)
  const query = { $select: 'parentFolderId', $top: 1 }
  const path = graphPath`/users/${user}/contacts`
  const { value } = await client.json<{ readonly value?: readonly JsonObject[] }>({ path, query, pool, signal })
  const id = text(value?.[0] ?? {}, 'parentFolderId')
  if (id === undefined) return undefined
  return await client.json<JsonObject>({ path: graphPath`/users/${user}/contactFolders/${id}`, pool, signal })
}

function isUnknownName(error: EngineError): boolean {
  return isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')
}

/** A parent that is not listed is the mailbox itself, or the default folder if that is unknown. */
function inOrder(folders: readonly JsonObject[], main: string | undefined): readonly ContactFolder[] {
  const ids = new Set(folders.map((folder) => text(folder, 'id')))
  const all = folders.map((folder): ContactFolder => {
    const id = text(folder, 'id') ?? ''
    const parentId = filledText(folder, 'parentFolderId')
    const isBelow = parentId !== undefined && parentId !== id && id !== main && ids.has(parentId)
    return {
      id,
      parentId: isBelow ? parentId : undefined,
      name: text(folder, 'displayName') ?? '',
      isDefault: id === main,
    }
  })
  const childrenOf = (id: string | undefined): readonly ContactFolder[] =>
    all.filter((folder) => folder.parentId === id).flatMap((folder) => [folder, ...childrenOf(folder.id)])
  return childrenOf(undefined)
}
