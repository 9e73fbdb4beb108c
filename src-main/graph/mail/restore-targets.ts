import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreContainer, RestoreOptions, TargetContainer } from '../../engine/ports/restore-target.ts'
import { ExistingMessages } from './existing-messages.ts'
import { filledText, text } from '../item/fields.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { propertiesOf } from '../item/metadata.ts'
import { claimName, type NameClaims } from '../item/name-claims.ts'
import { isRecoverableName } from './recoverable-items.ts'
import { TargetFolders, wellKnownFolder } from './target-folders.ts'

/** One restore into one mailbox. */
export interface Session {
  readonly root: Root
  readonly options: RestoreOptions
  readonly folders: TargetFolders
  /** "/" as the target folder: every folder goes where it was, known ones by their well-known names. */
  readonly inPlace: boolean
  /** Per parent: which folder of the snapshot a name was given to. */
  readonly claims: NameClaims
  readonly containers: Map<string, Promise<MailTarget>>
  readonly existing: Map<string, Promise<ExistingMessages>>
}

/** A folder of the target, with the restore that it belongs to. */
export interface MailTarget extends TargetContainer {
  readonly session: Session
}

export function asMailTarget(target: TargetContainer): MailTarget {
  if (!('session' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with a session.
  return target as MailTarget
}

/** The folder that takes what is restored; names below each other are separated by "/". */
export async function begin(mailbox: Mailbox, root: Root, options: RestoreOptions): Promise<TargetContainer> {
  const top = await wellKnownFolder(mailbox, 'msgfolderroot')
  if (top === undefined) throw new EngineError('restore.target-not-found')
  const names = options.targetFolder
    .split('/')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const session: Session = {
    root,
    options,
    folders: new TargetFolders(),
    inPlace: names.length === 0,
    claims: new Map(),
    containers: new Map(),
    existing: new Map(),
  }
  let target: MailTarget = { session, id: top, path: '' }
  for (const name of names) target = await below(mailbox, target, name, false)
  return target
}

/** The folder of that name below the target; in a dry run without an id if there is none. */
async function below(mailbox: Mailbox, parent: MailTarget, name: string, isHidden: boolean): Promise<MailTarget> {
  const { session } = parent
  const path = parent.path === '' ? name : `${parent.path}/${name}`
  if (parent.id === undefined) return { session, id: undefined, path }
  const { folders, options, existing } = session
  if (options.dryRun) return { session, id: (await folders.find(mailbox, parent.id, name))?.id, path }
  const found = await folders.ensure(mailbox, parent.id, name, isHidden)
  if (found.isNew) existing.set(found.id, Promise.resolve(new ExistingMessages(found.id)))
  return { session, id: found.id, path: found.name === name ? path : path.slice(0, -name.length) + found.name }
}

/** The folder that a folder of the snapshot goes into; asked again, the same. */
export function findContainer(mailbox: Mailbox, parent: MailTarget, container: RestoreContainer): Promise<MailTarget> {
  const { containers } = parent.session
  const source = sourceOf(container)
  const key = `${parent.path}\n${source}`
  const known = containers.get(key)
  if (known !== undefined) return known
  const found = openContainer(mailbox, parent, container)
  containers.set(key, found)
  found.catch(() => containers.delete(key))
  return found
}

function sourceOf({ dirName, metadata }: RestoreContainer): string {
  return (metadata === undefined ? undefined : filledText(metadata, 'o365:Id')) ?? dirName
}

async function openContainer(mailbox: Mailbox, parent: MailTarget, container: RestoreContainer): Promise<MailTarget> {
  const properties = container.metadata === undefined ? {} : folderProperties(container.metadata)
  const named = await openWellKnown(mailbox, parent, properties)
  if (named !== undefined) return named
  const wanted = filledText(properties, 'displayName') ?? container.dirName
  const name = claimName(parent.session.claims, parent.path, wanted, sourceOf(container))
  return await below(mailbox, parent, name, properties.isHidden === true)
}

/** Recoverable Items come back as a plain folder of that name, never into the mailbox's own. */
function folderProperties(metadata: JsonObject): JsonObject {
  const properties = { displayName: text(metadata, 'o365:Name') ?? '', ...propertiesOf(metadata) }
  const isPlain = isRecoverableName(text(properties, 'wellKnownName'))
  return isPlain ? { displayName: properties.displayName } : properties
}

/** Restoring in place, the inbox goes into the inbox, whatever it is called there. */
async function openWellKnown(
  mailbox: Mailbox,
  parent: MailTarget,
  properties: JsonObject,
): Promise<MailTarget | undefined> {
  const name = filledText(properties, 'wellKnownName')
  if (!parent.session.inPlace || name === undefined) return undefined
  const id = await wellKnownFolder(mailbox, name)
  if (id === undefined) return undefined
  const path = [parent.path, filledText(properties, 'displayName') ?? name].filter((part) => part !== '').join('/')
  return { session: parent.session, id, path }
}
