import { createHash } from 'node:crypto'
import type { Catalog } from '../../../src-main/engine/catalog/catalog.ts'
import type { ItemVersion } from '../../../src-main/engine/catalog/model.ts'
import { openCatalog } from '../../../src-main/engine/catalog/open.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const words = (
  'meeting invoice report travel garden budget quarter planning review holiday team project customer order delivery ' +
  'contract offer question answer update status release version problem solution server network office lunch train'
).split(' ')
const ROOTS = 5_000
const CHANGED = 2_000
const FIRST = Date.UTC(2012, 0, 1)
const SPAN = 14 * 365 * 86_400_000

export interface LargeCatalog {
  readonly earlier: HexId
  readonly later: HexId
  /** Path of the folder with all the items. */
  readonly container: string
}

/** Two snapshots of a mail folder with so many items, and of thousands of users without any. */
export function fillCatalog(file: string, items: number): LargeCatalog {
  const catalog = openCatalog(file, { repositoryId: 'bench' })
  const path = 'users/ada@contoso.example'
  const series = catalog.series({ host: 'contoso', paths: ['/users'] })
  let { seq } = catalog.beginRun(series, 0)
  const { key: root } = catalog.root(seq, 'ada', path)
  for (let at = 0; at < ROOTS; at++) catalog.root(seq, `user ${at}`, `users/person${at}@contoso.example`)
  const folder = { root, type: 'mailbox', graphId: 'inbox', parentGraphId: null, dirName: 'Inbox', path: 'Inbox' }
  catalog.putContainer(seq, { ...folder, properties: '{"o365:Name":"Inbox"}' })
  const random = seededRandom(7)
  const put = (at: number, changed = ''): void => putMail(catalog, { seq, root, at, of: items, changed, random })
  for (let at = 0; at < items; at++) put(at)
  const earlier = finish(catalog, seq, 'earlier', 1)
  seq = catalog.beginRun(series, 2).seq
  for (let at = 0; at < CHANGED; at++) put(Math.floor((at * items) / CHANGED), 'changed')
  const later = finish(catalog, seq, 'later', 2)
  catalog.close()
  return { earlier, later, container: `${path}/mailbox/Inbox` }
}

function finish(catalog: Catalog, seq: number, name: string, time: number): HexId {
  catalog.finishRun(seq, { id: idOf(name), time, tree: idOf(`tree ${name}`) })
  catalog.checkpoint()
  return idOf(name)
}

interface Mail {
  readonly seq: number
  readonly root: number
  readonly at: number
  readonly of: number
  readonly changed: string
  readonly random: () => number
}

function putMail(catalog: Catalog, { seq, root, at, of, changed, random }: Mail): void {
  const word = (): string => words[Math.floor(random() * words.length)] ?? ''
  const time = FIRST + Math.floor(at * (SPAN / of))
  const iso = new Date(time).toISOString()
  const title = `${word()} ${word()} ${word()} ${at}`
  const from = `Person ${at % 400} <person${at % 400}@synthetic.example>`
  const to = 'Ada <ada@contoso.example>'
  const body = `the ${Array.from({ length: 40 }, word).join(' ')} ${changed}`
  const version: ItemVersion = {
    ...{ root, type: 'mailbox', container: 'inbox', graphId: `${'AAMkAGI2TG93AAAAAAAA'.repeat(7)}${at}` },
    ...{ changeKey: `CQAAABYAAAD${at}${changed}`, shard: iso.slice(0, 7), time, size: Math.floor(random() * 100_000) },
    ...{ name: `${iso.slice(0, 19).replaceAll(':', '.')} ${title} ~abcdefghij`, title, from, to },
    ...{ hasAttachments: at % 7 === 0, metadata: [idOf(`m${at}${changed}`)], metadataSize: 900 },
    ...{ content: [idOf(`c${at}${changed}`)], parts: [], textKey: catalog.addText({ title, from, to, body }) },
  }
  catalog.putItem(seq, version)
}

function idOf(word: string): HexId {
  return createHash('sha256').update(word).digest('hex') as HexId
}
