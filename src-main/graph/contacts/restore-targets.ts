import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreContainer, RestoreOptions, TargetContainer } from '../../engine/ports/restore-target.ts'
import { filledText, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { claimName, type NameClaims } from '../item/name-claims.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { childFoldersPath, defaultFolderId } from './contact-requests.ts'
import type { ExistingContacts } from './existing-contacts.ts'
import { defaultRole, listContactFolders } from './folder-listing.ts'
import type { ContactFolder } from './folder-listing.ts'

/** Numbers tried behind a name that something invisible holds. */
const numbers = 9

/** One restore into the contacts of one mailbox. */
export interface Session {
  readonly root: Root
  readonly options: RestoreOptions
  /** All folders of the target as of now. */
  folders: readonly ContactFolder[]
  /** What the default folder of the snapshot becomes. */
  top: ContactTarget | undefined
  /** Per parent: which folder of the snapshot a name was given to. */
  readonly claims: NameClaims
  readonly containers: Map<string, Promise<ContactTarget>>
  readonly existing: Map<string, Promise<ExistingContacts>>
  /** The creation of a folder that is under way: one at a time. */
  busy: Promise<unknown>
}

/** A contact folder of the target, with the restore that it belongs to. */
export interface ContactTarget extends TargetContainer {
  readonly session: Session
}

export function asContactTarget(target: TargetContainer): ContactTarget {
  if (!('session' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with a session.
  return target as ContactTarget
}

/**
 * The folder that takes what is restored; "/" is the default folder. What was in the default folder goes right into it,
 * everything else into folders below.
 */
export async function begin(mailbox: Mailbox, root: Root, options: RestoreOptions): Promise<ContactTarget> {
  const folders = await listContactFolders(mailbox, [])
  const main = folders.find(({ isDefault }) => isDefault)
  const session: Session = {
    root,
    options,
    folders,
    top: undefined,
    claims: new Map(),
    containers: new Map(),
    existing: new Map(),
    busy: Promise.resolve(),
  }
  let target: ContactTarget = { session, id: main?.id ?? defaultFolderId, path: '' }
  for (const name of options.targetFolder.split('/').map((part) => part.trim())) {
    if (name !== '') target = await below(mailbox, target, name)
  }
  session.top = target
  return target
}

/** The folder that a folder of the snapshot goes into; asked again, the same. */
export function findContainer(
  mailbox: Mailbox,
  parent: ContactTarget,
  container: RestoreContainer,
): Promise<ContactTarget> {
  const { session } = parent
  const metadata = container.metadata ?? {}
  const properties = propertiesOf(metadata)
  if (properties.role === defaultRole && session.top !== undefined) return Promise.resolve(session.top)
  const source = filledText(metadata, 'o365:Id') ?? container.dirName
  const key = `${parent.path}\n${source}`
  const known = session.containers.get(key)
  if (known !== undefined) return known
  const name = claimName(
    parent.session.claims,
    parent.path,
    filledText(metadata, 'o365:Name') ?? container.dirName,
    source,
  )
  const found = below(mailbox, parent, name)
  session.containers.set(key, found)
  found.catch(() => session.containers.delete(key))
  return found
}

/** The folder of that name below the target; in a dry run without an id if there is none. */
async function below(mailbox: Mailbox, parent: ContactTarget, name: string): Promise<ContactTarget> {
  const { session } = parent
  const { id: above } = parent
  const at = (id: string | undefined, found = name): ContactTarget => {
    return { session, id, path: parent.path === '' ? found : `${parent.path}/${found}` }
  }
  if (above === undefined) return at(undefined)
  if (session.options.dryRun) return at(find(session, above, name)?.id)
  const work = (): Promise<ContactFolder> => ensure(mailbox, session, above, name)
  const mine = session.busy.then(work, work)
  session.busy = mine.catch(() => undefined)
  const folder = await mine
  return at(folder.id, folder.name)
}

function find({ folders }: Session, parent: string, name: string): ContactFolder | undefined {
  const parentId = parent === defaultFolderId ? undefined : parent
  return folders.find((folder) => folder.parentId === parentId && nameKey(folder.name) === nameKey(name))
}

async function ensure(mailbox: Mailbox, session: Session, parent: string, name: string): Promise<ContactFolder> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} (${String(number)})`
    const found = find(session, parent, candidate)
    if (found !== undefined) return found
    try {
      return await create(mailbox, session, parent, candidate)
    } catch (error) {
      // The name is taken by something that is no contact folder, and so does not show.
      if (!isEngineError(error, 'graph.conflict') || number >= numbers) throw error
    }
  }
}

/** Creation may have worked although its answer says otherwise, or got lost: then the folders are looked at again. */
async function create(mailbox: Mailbox, session: Session, parent: string, name: string): Promise<ContactFolder> {
  try {
    const id = await postFolder(mailbox, parent, name)
    const parentId = parent === defaultFolderId ? undefined : parent
    const folder: ContactFolder = { id, parentId, name, isDefault: false }
    session.folders = [...session.folders, folder]
    return folder
  } catch (error) {
    if (!isEngineError(error, 'graph.conflict') && !hasUnknownOutcome(error)) throw error
    session.folders = await listContactFolders(mailbox, [])
    const found = find(session, parent, name)
    if (found === undefined) throw error
    return found
  }
}

async function postFolder({ client, user, signal }: Mailbox, parent: string, name: string): Promise<string> {
  const folder = await client.json<JsonObject>({
    method: 'POST',
    path: childFoldersPath(user, parent),
    body: { displayName: cleanText(name) },
    pool: mailboxPool(user),
    signal,
  })
  return text(folder, 'id') ?? ''
}
