import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Catalog } from '../../../../src-main/engine/catalog/catalog.ts'
import type { FindQuery, ItemVersion, ListedEntry } from '../../../../src-main/engine/catalog/model.ts'
import { openCatalog } from '../../../../src-main/engine/catalog/open.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

export const REPOSITORY = 'repository-1'

/** A stable id for a word. */
export function idOf(word: string): HexId {
  return createHash('sha256').update(word).digest('hex') as HexId
}

/** A file name for a catalog in a folder of the test's own. */
export function catalogFile(): string {
  return join(temporaryFolder('catalog'), 'profile', 'catalog.db')
}

export function newCatalog(file = catalogFile()): Catalog {
  const catalog = openCatalog(file, { repositoryId: REPOSITORY })
  onTestFinished(() => catalog.close())
  return catalog
}

/** A catalog with a run under way on one root with the folders Inbox and Inbox/Old. */
export interface Mailbox {
  readonly catalog: Catalog
  readonly series: number
  readonly root: number
  /** Begins the next run (or goes on with it) and gives its seq. */
  readonly run: () => number
  /** Finishes the run under way as a snapshot of that name. */
  readonly finish: (name: string) => HexId
  readonly folder: (seq: number, graphId: string, path: string, parentGraphId?: string) => void
  readonly put: (seq: number, graphId: string, changed?: Partial<ItemVersion>) => ItemVersion
  readonly remove: (seq: number, graphId: string, container?: string) => void
}

export const TYPE = 'mailbox'
export const ROOT_PATH = 'users/ada@contoso.example'

export function version(root: number, graphId: string, changed: Partial<ItemVersion> = {}): ItemVersion {
  return {
    root,
    type: TYPE,
    graphId,
    container: 'inbox',
    changeKey: 'a',
    name: `name of ${graphId}`,
    shard: '2026-01',
    time: 1000,
    size: 10,
    title: `title of ${graphId}`,
    from: 'Ada <ada@contoso.example>',
    to: 'Bob <bob@fabrikam.example>',
    hasAttachments: false,
    metadata: [idOf(`metadata ${graphId}`)],
    metadataSize: 100,
    content: [idOf(`content ${graphId} 1`), idOf(`content ${graphId} 2`)],
    parts: [],
    textKey: null,
    ...changed,
  }
}

export function mailbox(catalog: Catalog = newCatalog()): Mailbox {
  const series = catalog.series({ host: 'contoso', paths: [ROOT_PATH] })
  const run = () => catalog.beginRun(series, 5000).seq
  const seq = run()
  const root = catalog.root(seq, 'ada', ROOT_PATH).key

  function folder(at: number, graphId: string, path: string, parentGraphId: string | null = null): void {
    const dirName = path.slice(path.lastIndexOf('/') + 1)
    catalog.putContainer(at, {
      root,
      type: TYPE,
      graphId,
      parentGraphId,
      dirName,
      path,
      properties: `{"id":"${graphId}"}`,
    })
  }

  function put(at: number, graphId: string, changed: Partial<ItemVersion> = {}): ItemVersion {
    const put = version(root, graphId, changed)
    catalog.putItem(at, put)
    return put
  }

  folder(seq, 'inbox', 'Inbox')
  folder(seq, 'old', 'Inbox/Old', 'inbox')
  return {
    catalog,
    series,
    root,
    run,
    folder,
    put,
    finish: (name) => {
      catalog.finishRun(run(), { id: idOf(name), time: 6000, tree: idOf(`tree ${name}`) })
      catalog.checkpoint()
      return idOf(name)
    },
    remove: (at, graphId, container = 'inbox') => catalog.removeItem(at, root, TYPE, container, graphId),
  }
}

/** A mailbox whose mails have texts. */
export function searchable(of?: Catalog) {
  const box = mailbox(of)
  const { catalog } = box

  /** Puts an item with its text. */
  function mail(id: string, body: string, changed: Partial<ItemVersion> = {}): ItemVersion {
    const { title, from, to } = { title: id, from: '', to: '', ...changed }
    const textKey = catalog.addText({ title, from, to, body })
    return box.put(box.run(), id, { name: id, title, from, to, ...changed, textKey })
  }

  const find = (query: Partial<FindQuery>) => catalog.find({ words: [], limit: 100, ...query }).map(({ name }) => name)
  return { ...box, mail, find }
}

/** Names on one level of a snapshot, folders with a "/". */
export function names(catalog: Catalog, snapshot: HexId, path: string, limit = 1000, offset = 0): readonly string[] {
  return catalog.list(snapshot, path, { limit, offset }).map(label)
}

function label({ kind, name }: ListedEntry): string {
  return kind === 'folder' ? `${name}/` : name
}

/** Everything in a snapshot: paths of folders and items. */
export function walk(catalog: Catalog, snapshot: HexId, path = ''): readonly string[] {
  return catalog
    .list(snapshot, path, { limit: 10_000, offset: 0 })
    .flatMap((entry) => (entry.kind === 'item' ? [entry.path] : [entry.path, ...walk(catalog, snapshot, entry.path)]))
}

/** How many texts the full-text index of a file has, as far as they are durable. */
export function countTexts(file: string): unknown {
  const db = new Database(file, { readonly: true })
  try {
    return db.prepare('SELECT count(*) FROM text').pluck().get()
  } finally {
    db.close()
  }
}
