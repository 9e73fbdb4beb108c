import type { DataTypeRestorer, ItemOutcome, RestoreItem } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { completeContact, createContact, sourceOf } from './contact-creation.ts'
import { ExistingContacts } from './existing-contacts.ts'
import { asContactTarget, begin, findContainer } from './restore-targets.ts'
import type { ContactTarget, Session } from './restore-targets.ts'

/** As many as a mailbox takes at the same time. */
const concurrency = 4

/**
 * Restores contacts into the contact folders of a user.
 *
 * - The target folder is one below the default contact folder. It takes what was in the default folder itself;
 *   other folders become folders in it.
 * - A contact is a duplicate if its folder has the one that an earlier restore made of it (a hidden mark tells), itself,
 *   or one of the same name, addresses, phones and company. Each contact that is there stands for one of the snapshot.
 * - A creation that was interrupted (no photo yet) is completed by the next restore.
 *
 * https://learn.microsoft.com/graph/api/user-post-contacts
 */
export function contactsRestorer(client: GraphClient): DataTypeRestorer {
  return {
    folder: 'contacts',
    concurrency,
    keepsEmpty: true,
    requests: ({ content }) => (content === undefined ? 1 : 3),
    begin: (root, options, signal) => begin({ client, user: root.id, signal }, root, options),
    container: (parent, container, signal) => {
      const target = asContactTarget(parent)
      return findContainer({ client, user: target.session.root.id, signal }, target, container)
    },
    item: (container, item, signal) => {
      const target = asContactTarget(container)
      return outcomeOf(() => restoreContact({ client, user: target.session.root.id, signal }, target, item))
    },
  }
}

async function restoreContact(mailbox: Mailbox, target: ContactTarget, item: RestoreItem): Promise<ItemOutcome> {
  const { session, id: folder } = target
  const { dryRun, ignoreExisting } = session.options
  if (folder === undefined) return { kind: 'created', id: '' }
  const existing = await existingContacts(mailbox, session, folder)
  const found = ignoreExisting ? undefined : existing.meet(sourceOf(item), propertiesOf(item.metadata))
  if (found?.isUnfinished === true && !dryRun) return await completeContact(mailbox, found, item)
  if (found !== undefined) return { kind: 'duplicate' }
  return dryRun ? { kind: 'created', id: '' } : await createContact({ mailbox, folder, existing }, item)
}

function existingContacts(mailbox: Mailbox, session: Session, folder: string): Promise<ExistingContacts> {
  const known = session.existing.get(folder)
  if (known !== undefined) return known
  const contacts = new ExistingContacts(folder)
  const loading = contacts.load(mailbox).then(() => contacts)
  session.existing.set(folder, loading)
  loading.catch(() => session.existing.delete(folder))
  return loading
}
