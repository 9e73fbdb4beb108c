import { MimeSource } from '../mime/sources.ts'
import { hashNumbers } from '../random.ts'
import type { StoredFolder } from '../state/stored.ts'
import type { ContentSource, MessageSummary } from '../state/types.ts'
import type { TenantState } from '../state/tenant.ts'

/** A big mailbox of small messages whose MIME is made when it is asked for. */
export interface SyntheticSeed {
  readonly kind: 'synthetic'
  readonly userPrincipalName: string
  readonly messages: number
  /** Folders of the user's own, below Inbox; 10 when absent. */
  readonly folders: number
  readonly seed: number
  /** Roughly the size of a message's text in bytes. */
  readonly bodyBytes: number
}

export interface SyntheticOptions {
  readonly messages: number
  readonly userPrincipalName?: string
  readonly folders?: number
  readonly seed?: number
  readonly bodyBytes?: number
}

/** Describes a synthetic mailbox. A message takes about 130 bytes of memory, whatever its size when served. */
export function syntheticMailbox(options: SyntheticOptions): SyntheticSeed {
  return {
    kind: 'synthetic',
    userPrincipalName: options.userPrincipalName ?? 'large@contoso.example',
    messages: options.messages,
    folders: options.folders ?? 10,
    seed: options.seed ?? 1,
    bodyBytes: options.bodyBytes ?? 400,
  }
}

const firstDate = Date.UTC(2015, 0, 1) / 1000
const spacingSeconds = 601

export function plantSynthetic(tenant: TenantState, seed: SyntheticSeed): void {
  const name = seed.userPrincipalName
  if (tenant.findUser(name) === undefined) tenant.addUser({ userPrincipalName: name, displayName: 'Large Mailbox' })
  const mailbox = tenant.mailbox(name)
  const inbox = mailbox.wellKnownFolder('inbox')
  const folders: StoredFolder[] = [inbox]
  for (let index = 1; index <= seed.folders; index++) {
    folders.push(mailbox.addFolder(inbox, `Folder ${String(index).padStart(3, '0')}`))
  }
  const source = syntheticSource(seed)
  for (let index = 0; index < seed.messages; index++) {
    const folder = folders[hashNumbers(seed.seed, index) % folders.length] ?? inbox
    mailbox.addMessage(folder, {
      source,
      seed: index,
      receivedAt: dateOf(index),
      isRead: index % 3 !== 0,
      isDraft: false,
    })
  }
}

// The dates go round before they leave the range of a 32-bit time.
const dateOf = (index: number): number => firstDate + ((index * spacingSeconds) % 500_000_000)

const words = (
  'report meeting invoice budget travel contract review draft schedule customer delivery team update project ' +
  'holiday order price support release question answer plan summary result photo house garden train coffee'
).split(' ')

function wordsFrom(seed: number, count: number): string {
  const chosen: string[] = []
  for (let index = 0; index < count; index++) chosen.push(words[hashNumbers(seed, index, 77) % words.length] ?? '')
  return chosen.join(' ')
}

function syntheticSource(seed: SyntheticSeed): ContentSource {
  const salt = hashNumbers(seed.seed)
  const text = (index: number): string => wordsFrom(hashNumbers(salt, index, 2), Math.ceil(seed.bodyBytes / 7))
  const summary = (index: number): MessageSummary => summaryOf(salt, index, text(index))
  return new MimeSource((index) => mimeOf(summary(index), text(index)), summary)
}

function summaryOf(salt: number, index: number, text: string): MessageSummary {
  const from = person(hashNumbers(salt, index, 3) % 500)
  return {
    subject: `${wordsFrom(hashNumbers(salt, index, 1), 4)} ${String(index)}`,
    from,
    sender: from,
    to: [person(hashNumbers(salt, index, 4) % 500)],
    cc: [],
    bcc: [],
    replyTo: [],
    internetMessageId: `<${String(index)}.${salt.toString(16)}@synthetic.example>`,
    sentAt: dateOf(index),
    importance: 'normal',
    bodyPreview: text.slice(0, 255),
    hasAttachments: false,
    readReceipt: false,
    meeting: undefined,
  }
}

const person = (number: number): { name: string; address: string } => ({
  name: `Person ${String(number)}`,
  address: `person${String(number)}@synthetic.example`,
})

function mimeOf(summary: MessageSummary, text: string): Buffer {
  const address = (who: { name: string; address: string } | undefined): string =>
    `${who?.name ?? ''} <${who?.address ?? ''}>`
  const lines = [
    `From: ${address(summary.from)}`,
    `To: ${address(summary.to[0])}`,
    `Subject: ${summary.subject ?? ''}`,
    `Date: ${new Date((summary.sentAt ?? 0) * 1000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${summary.internetMessageId}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    text.replace(/(.{60,75}) /g, '$1\r\n'),
    '',
  ]
  return Buffer.from(lines.join('\r\n'), 'latin1')
}
