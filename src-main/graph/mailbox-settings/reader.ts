import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  ContainerListing,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  ListedItem,
  Root,
} from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember, GraphClient } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { filledText, record } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { FolderPlaces } from './mail-folders.ts'
import {
  kindContainer,
  kindOf,
  kinds,
  listedProperties,
  settingsId,
  settingsIdentity,
  settingsMetadata,
  settingsRow,
  settingsText,
} from './settings-metadata.ts'
import type { Kind } from './settings-metadata.ts'

/** Rules, settings and categories as they are stored: what the catalog is rebuilt with. */
export const mailboxSettingsDescriber: ItemDescriber = {
  type: 'mailbox-settings',
  folder: 'mailbox-settings',
  contentExtension: undefined,
  mimeContent: false,
  layout: 'beside',
  textFrom: 'metadata',
  row: settingsRow,
  identity: settingsIdentity,
  searchText: (metadata) => Promise.resolve(settingsText(metadata)),
}

/** What a reader keeps of one mailbox between listing and reading. */
interface Kept {
  readonly answers: Map<Kind, BatchAnswer>
  readonly places: FolderPlaces
}

/**
 * Reads the rules of the inbox, the mailbox settings and the categories of users: one batch tells all of it, and nothing
 * more is asked for unless a rule that leads to a folder is new or changed.
 * https://learn.microsoft.com/graph/api/resources/messagerule
 */
export function mailboxSettingsReader(client: GraphClient): DataTypeReader {
  const mailbox = ({ id }: Root, signal: AbortSignal): Mailbox => ({ client, user: id, signal })
  const kept = new Map<string, Kept>()
  const keptOf = ({ id }: Root): Kept => {
    const known = kept.get(id) ?? { answers: new Map(), places: new FolderPlaces() }
    kept.set(id, known)
    return known
  }
  return {
    ...mailboxSettingsDescriber,
    containers: (root, _last, signal) => containers(mailbox(root, signal), keptOf(root)),
    changes: (root, container, _start, signal) => changes(mailbox(root, signal), kindFrom(container.id), keptOf(root)),
    metadata: settingsMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => ruleBody(mailbox(root, signal), item, keptOf(root).places),
    item: (root, id, signal) => readItem(mailbox(root, signal), id),
    finished: (root) => {
      kept.delete(root.id)
      return Promise.resolve()
    },
  }
}

function kindFrom(container: string): Kind {
  const kind = kindOf(container)
  if (kind === undefined) throw new EngineError('internal', { context: { reason: 'foreign-container' } })
  return kind
}

function memberOf(user: string, kind: Kind): BatchMember {
  switch (kind) {
    case 'rules':
      return { path: graphPath`/users/${user}/mailFolders/inbox/messageRules` }
    case 'settings':
      return { path: graphPath`/users/${user}/mailboxSettings` }
    case 'categories':
      return { path: graphPath`/users/${user}/outlook/masterCategories` }
  }
}

async function ask(
  { client, user, signal }: Mailbox,
  asked: readonly Kind[],
  together?: string,
): Promise<readonly BatchAnswer[]> {
  const members = asked.map((kind) => memberOf(user, kind))
  return await client.batch(members, { pool: mailboxPool(user), signal, together })
}

/** Asks for everything at once; what could not be read says so when its changes are asked for. */
async function containers(mailbox: Mailbox, { answers }: Kept): Promise<ContainerListing> {
  const all = await ask(mailbox, kinds, mailbox.user)
  for (const answer of all) {
    if (!answer.ok && isEngineError(answer.error, 'graph.no-mailbox')) throw answer.error
  }
  for (const [index, kind] of kinds.entries()) {
    const answer = all[index]
    if (answer !== undefined) answers.set(kind, answer)
  }
  return { containers: kinds.map(kindContainer), cursor: undefined }
}

/** No cursor: what is there is compared by the change keys. */
async function* changes(mailbox: Mailbox, kind: Kind, kept: Kept): AsyncGenerator<ChangePage, void, undefined> {
  const answer = kept.answers.get(kind) ?? (await ask(mailbox, [kind]))[0]
  kept.answers.delete(kind)
  const bodies = await bodiesOf(mailbox, kind, answer)
  const puts = bodies.map((body) => {
    const properties = listedProperties(kind, body)
    return { kind: 'put', id: filledText(properties, 'id') ?? '', properties, partial: false } as const
  })
  yield { changes: puts, next: undefined, cursor: undefined }
}

async function bodiesOf(
  { client, user, signal }: Mailbox,
  kind: Kind,
  answer: BatchAnswer | undefined,
): Promise<readonly JsonObject[]> {
  if (kind === 'settings') return [answerBody(answer)]
  return await answerEntries(client, answer, { pool: mailboxPool(user), signal })
}

/** With where the folders of a rule are: their ids mean nothing in another mailbox. */
async function ruleBody(mailbox: Mailbox, { properties }: ListedItem, places: FolderPlaces): Promise<ItemBody> {
  const actions = record(properties, 'actions') ?? {}
  const ids = [filledText(actions, 'moveToFolder'), filledText(actions, 'copyToFolder')]
  const folders: JsonObject[] = []
  for (const id of new Set(ids)) {
    if (id === undefined) continue
    const { anchor, ...place } = await places.place(mailbox, id)
    folders.push({ ...place, ...(anchor === undefined ? {} : { anchor }) })
  }
  return folders.length === 0 ? {} : { properties: { ...properties, folders } }
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

async function readItem(mailbox: Mailbox, id: string): ReturnType<DataTypeReader['item']> {
  const kind: Kind = id === settingsId ? 'settings' : guid.test(id) ? 'categories' : 'rules'
  const bodies = await bodiesOf(mailbox, kind, (await ask(mailbox, [kind]))[0])
  const all = bodies.map((body) => listedProperties(kind, body))
  const properties = all.find((each) => each.id === id)
  if (properties === undefined) throw new EngineError('graph.not-found')
  return { container: kind, properties }
}
