import type { Clock } from '../../engine/ports/clock.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreItem } from '../../engine/ports/restore-target.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { outcomeOf } from '../item/outcome.ts'
import { ExistingMessages } from './existing-messages.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { graphMessage, messageIdOf } from './graph-message.ts'
import { createMessage } from './message-creation.ts'
import { propertiesOf } from '../item/metadata.ts'
import { parseMimeMessage } from './mime-message.ts'
import { sessionBytes } from '../outlook/restore-limits.ts'
import { asMailTarget, begin, findContainer } from './restore-targets.ts'
import type { MailTarget, Session } from './restore-targets.ts'

/** As many as a mailbox takes at the same time. */
const concurrency = 4

/**
 * Restores mail into the mailbox of a user.
 *
 * - Messages are created through JSON, since MIME makes drafts dated today; what JSON cannot hold of them stays in the
 *   stored .eml. Nothing is ever sent.
 * - A message is a duplicate if its folder has one of the same internetMessageId. Each message that was in the folder
 *   before the restore stands for one item, so copies come back as many as they were; messages in other folders do not
 *   count.
 * - Meeting requests come back as plain messages with the calendar part as a file.
 *
 * https://learn.microsoft.com/graph/api/user-post-messages
 */
export function mailRestorer(client: GraphClient, clock: Clock = systemClock): DataTypeRestorer {
  return {
    folder: 'mailbox',
    concurrency,
    keepsEmpty: true,
    requests: messageRequests,
    begin: (root, options, signal) => begin({ client, user: root.id, signal }, root, options),
    container: (parent, container, signal) => {
      const target = asMailTarget(parent)
      return findContainer({ client, user: target.session.root.id, signal }, target, container)
    },
    item: (container, item, signal) => {
      const target = asMailTarget(container)
      const place = { mailbox: { client, user: target.session.root.id, signal }, target, clock }
      return outcomeOf(() => createUnlessThere(place, item))
    },
  }
}

/** One creates it; each large file takes a session and its ranges. */
function messageRequests({ content }: RestoreItem): number {
  return 1 + (content === undefined ? 0 : Math.floor(content.size / sessionBytes) * 2)
}

interface Place {
  readonly mailbox: Mailbox
  readonly target: MailTarget
  readonly clock: Clock
}

async function createUnlessThere({ mailbox, target, clock }: Place, item: RestoreItem): Promise<ItemOutcome> {
  const { session, id: folder } = target
  const { dryRun, ignoreExisting } = session.options
  const properties = propertiesOf(item.metadata)
  if (folder === undefined) return { kind: 'created', id: '' }
  if (dryRun && ignoreExisting) return { kind: 'created', id: '' }
  const existing = await existingMessages(mailbox, session, folder)
  if (!ignoreExisting && existing.meet(messageIdOf(item.metadata, properties))) return { kind: 'duplicate' }
  if (dryRun) return { kind: 'created', id: '' }
  const parsed = await parseMimeMessage((await item.content?.bytes(mailbox.signal)) ?? new Uint8Array(0))
  const message = graphMessage(item.metadata, properties, parsed)
  return { kind: 'created', id: await createMessage({ mailbox, folder, existing, clock }, message) }
}

function existingMessages(mailbox: Mailbox, session: Session, folder: string): Promise<ExistingMessages> {
  const known = session.existing.get(folder)
  if (known !== undefined) return known
  const messages = new ExistingMessages(folder)
  const loading = messages.load(mailbox, session.options.dryRun).then(() => messages)
  session.existing.set(folder, loading)
  loading.catch(() => session.existing.delete(folder))
  return loading
}
