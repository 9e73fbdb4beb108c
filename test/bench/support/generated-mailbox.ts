import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Change, ChangePage, DataTypeReader } from '../../../src-main/engine/ports/data-type.ts'
import { text } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { messageMetadata } from '../../../src-main/graph/mail/metadata.ts'
import { mailDescriber } from '../../../src-main/graph/mail/reader.ts'

const words = (
  'meeting invoice report travel garden budget quarter planning review holiday team project customer order delivery ' +
  'contract offer question answer update status release version problem solution server network office lunch train'
).split(' ')
const pageSize = 1000
const first = Date.UTC(2012, 0, 1)
const span = 14 * 365 * 86_400_000
const inbox = { id: 'inbox', parentId: undefined, name: 'Inbox' }

/** Subject of a mail by its number, from 0, oldest first: it has its number in it. */
export function generatedSubject(number: number): string {
  const word = (step: number): string => words[(number * step + step) % words.length] ?? ''
  return `${word(7)} ${word(11)} ${word(13)} no${number}`
}

/** Reads so many mails that nobody keeps: what the engine does with them is real, Graph is left out. */
export function generatedReader(mails: number): DataTypeReader {
  return {
    ...mailDescriber,
    containers: () => {
      const container = { ...inbox, properties: { 'o365:Id': 'inbox', 'o365:Name': 'Inbox' } }
      return Promise.resolve({ containers: [container], cursor: undefined })
    },
    changes: () => pages(mails),
    metadata: messageMetadata,
    properties: propertiesOf,
    body: (_root, _container, { properties }) => Promise.resolve({ content: mimeOf(properties) }),
    item: () => Promise.reject(new Error('nothing is read twice')),
  }
}

async function* pages(mails: number): AsyncGenerator<ChangePage> {
  for (let from = 0; from < mails; from += pageSize) {
    const changes = Array.from({ length: Math.min(pageSize, mails - from) }, (_none, at) => change(from + at, mails))
    // Others have their turn.
    await Promise.resolve()
    yield { changes, next: undefined, cursor: undefined }
  }
}

function change(number: number, mails: number): Change {
  const id = `AAMkAGI2TG93AAAAAAAA${String(number).padStart(8, '0')}`
  const time = `${new Date(first + Math.floor((number * span) / mails)).toISOString().slice(0, 19)}Z`
  const properties = {
    id,
    changeKey: `CQAAABYAAAD${number}`,
    parentFolderId: 'inbox',
    subject: generatedSubject(number),
    from: { emailAddress: { name: `Person ${number % 400}`, address: `person${number % 400}@synthetic.example` } },
    toRecipients: [{ emailAddress: { name: 'Ada', address: 'ada@contoso.example' } }],
    receivedDateTime: time,
    sentDateTime: time,
    hasAttachments: false,
    isRead: true,
    isDraft: false,
  }
  return { kind: 'put', id, properties, partial: false }
}

function mimeOf(properties: JsonObject): Buffer {
  const [subject, id, time] = ['subject', 'id', 'receivedDateTime'].map((name) => text(properties, name) ?? '')
  const head = ['From: Person <person@synthetic.example>', 'To: Ada <ada@contoso.example>']
  const date = new Date(time ?? '').toUTCString()
  const more = [`Subject: ${subject ?? ''}`, `Date: ${date}`, `Message-ID: <${id ?? ''}@synthetic.example>`]
  return Buffer.from([...head, ...more, '', `The ${subject ?? ''}.`, ''].join('\r\n'))
}
