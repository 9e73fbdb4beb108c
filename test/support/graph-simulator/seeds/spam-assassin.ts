import { MimeSource } from '../mime/sources.ts'
import { hashNumbers, hashText, seededRandom } from '../random.ts'
import type { Random } from '../random.ts'
import type { MessageExtra, StoredFolder } from '../state/stored.ts'
import type { Mailbox } from '../state/mailbox.ts'
import type { TenantState } from '../state/tenant.ts'
import type { ContentSource, FollowupFlag } from '../state/types.ts'
import { corpusFiles, corpusMail } from './corpus.ts'
import { plantCraftedMails } from './crafted-mails.ts'
import { corpusUsers } from './corpus-users.ts'
import type { FolderPlan } from './corpus-users.ts'

/** A tenant of several users that holds real mails. */
export interface SpamAssassinSeed {
  readonly kind: 'spam-assassin'
  readonly seed: number
  /** Takes only so many of the mails, spread over all of them. */
  readonly limit: number | undefined
  /** Adds made-up mails with what the corpus lacks: inline images, attachments, an invitation, odd charsets. */
  readonly crafted: boolean
  /** Largest attachment among those, in bytes. */
  readonly largestAttachment: number
}

export interface SpamAssassinOptions {
  readonly seed?: number
  readonly limit?: number
  readonly crafted?: boolean
  readonly largestAttachment?: number
}

/** Describes the tenant; the same options give the same tenant. All 6,046 mails are used, each once, unless limited. */
export function seedFromSpamAssassin(options: SpamAssassinOptions = {}): SpamAssassinSeed {
  return {
    kind: 'spam-assassin',
    seed: options.seed ?? 1,
    limit: options.limit,
    crafted: options.crafted ?? true,
    largestAttachment: options.largestAttachment ?? 20 * 1024 * 1024,
  }
}

interface Place {
  readonly mailbox: Mailbox
  readonly folder: StoredFolder
}

export function plantSpamAssassin(tenant: TenantState, seed: SpamAssassinSeed): void {
  const places = makeUsers(tenant)
  const files = limited(corpusFiles(), seed.limit)
  const source = corpusSource(files)
  for (let index = 0; index < files.length; index++) {
    const place = places[hashNumbers(seed.seed, index, 11) % places.length]
    if (place !== undefined) plantMail(place, source, index, seed.seed)
  }
  if (seed.crafted) plantCraftedMails(tenant, seed)
}

function limited(files: readonly string[], limit: number | undefined): readonly string[] {
  if (limit === undefined || limit >= files.length) return files
  const step = files.length / limit
  return Array.from({ length: limit }, (_, index) => files[Math.floor(index * step)] ?? '')
}

/** All folders a mail may go to, each as often as its plan says. */
function makeUsers(tenant: TenantState): readonly Place[] {
  const places: Place[] = []
  for (const user of corpusUsers) {
    tenant.addUser(user.user)
    if (user.folders.length === 0) continue
    const mailbox = tenant.mailbox(user.user.userPrincipalName)
    for (const plan of user.folders) makeFolder(mailbox, mailbox.root, plan, places)
  }
  return places
}

function makeFolder(mailbox: Mailbox, parent: StoredFolder, plan: FolderPlan, places: Place[]): void {
  const folder =
    plan.wellKnown === undefined
      ? mailbox.addFolder(parent, plan.name ?? '', { isHidden: plan.hidden })
      : mailbox.wellKnownFolder(plan.wellKnown)
  for (let times = 0; times < (plan.share ?? 1); times++) places.push({ mailbox, folder })
  for (const child of plan.children ?? []) makeFolder(mailbox, folder, child, places)
}

const keptBytes = new Map<string, Buffer>()

/** Mails are read from disk when they are first asked for, and then kept: 32 MB for all of them. */
function corpusSource(files: readonly string[]): ContentSource {
  return new MimeSource((index) => {
    const file = files[index]
    if (file === undefined) throw new RangeError(`No mail ${String(index)} in the corpus`)
    const known = keptBytes.get(file)
    if (known !== undefined) return known
    const bytes = corpusMail(file)
    keptBytes.set(file, bytes)
    return bytes
  })
}

const fallbackDate = Date.UTC(2002, 8, 1) / 1000
const categories = ['Red category', 'Blue category', 'Important', 'Später lesen', 'Family & friends']

function plantMail({ mailbox, folder }: Place, source: ContentSource, index: number, seed: number): void {
  const random = seededRandom(hashNumbers(seed, index, 13))
  const summary = source.summary(index)
  const receivedAt = summary.sentAt ?? fallbackDate + (hashText(summary.internetMessageId) % 10_000_000)
  const isDraft = folder.wellKnownName === 'drafts'
  const isRead = isDraft || random.next() < 0.7
  const message = mailbox.addMessage(folder, { source, seed: index, receivedAt, isRead, isDraft })
  const extra = extraOf(random, receivedAt)
  if (Object.keys(extra).length > 0) message.extra = extra
}

function extraOf(random: Random, receivedAt: number): MessageExtra {
  const extra: MessageExtra = {}
  if (random.next() < 0.05) extra.flag = flagFrom(random, receivedAt)
  if (random.next() < 0.08) extra.categories = [random.pick(categories)]
  else if (random.next() < 0.02) extra.categories = categories.slice(1, 3)
  if (random.next() < 0.03) extra.importance = random.pick(['low', 'high'] as const)
  return extra
}

function flagFrom(random: Random, receivedAt: number): FollowupFlag {
  const at = (days: number): { dateTime: string; timeZone: string } => ({
    dateTime: new Date((receivedAt + days * 86_400) * 1000).toISOString().slice(0, 19) + '.0000000',
    timeZone: 'UTC',
  })
  const kind = random.below(3)
  if (kind === 0) return { flagStatus: 'flagged' }
  if (kind === 1) return { flagStatus: 'complete', completedDateTime: at(1) }
  return { flagStatus: 'flagged', startDateTime: at(0), dueDateTime: at(7) }
}
