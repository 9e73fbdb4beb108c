import { text } from '../../src-main/graph/item/fields.ts'
import type { JsonObject } from '../../src-main/engine/model/json.ts'
import { EngineError } from '../../src-main/engine/model/errors.ts'
import type {
  Change,
  ChangePage,
  Container,
  DataTypeReader,
  ItemDescriber,
  Part,
} from '../../src-main/engine/ports/data-type.ts'

/** An item of a source that a test writes down. */
export interface ScriptedItem {
  readonly id: string
  /** Its container's id. */
  readonly container: string
  readonly name: string
  readonly version: number
  /** Month, as in 2026-11; none if absent. */
  readonly shard?: string
  readonly content?: string
  readonly parts?: Readonly<Record<string, string>>
}

export interface ScriptedContainer {
  readonly id: string
  readonly parentId?: string
  readonly name: string
}

/** What a scripted source holds, and what of it cannot be read. */
export class ScriptedSource {
  containers: readonly ScriptedContainer[] = []
  items: readonly ScriptedItem[] = []
  /** Ids of items, or `<id>/<part>`, that cannot be read. */
  readonly unreadable = new Set<string>()
  /** Ids of items, or `<id>/<part>`, whose bytes were read since the start. */
  readonly read: string[] = []
  readonly layout: ItemDescriber['layout']

  constructor(layout: ItemDescriber['layout']) {
    this.layout = layout
  }

  describer(): ItemDescriber {
    return {
      type: 'things',
      folder: 'things',
      layout: this.layout,
      contentExtension: this.layout === 'apart' ? '' : '.bin',
      mimeContent: false,
      textFrom: 'metadata',
      row: (metadata, size) => ({
        name: text(metadata, 'o365:Name') ?? '',
        shard: text(metadata, 'shard') ?? '',
        time: Number(metadata.version) * 1000,
        size,
        title: text(metadata, 'o365:Name') ?? '',
        from: '',
        to: '',
        hasAttachments: false,
      }),
      identity: (metadata) => ({
        id: text(metadata, 'o365:Id') ?? '',
        changeKey: String(Number(metadata.version)),
      }),
      listedSize: (metadata) => Number(metadata.size),
      searchText: (metadata) => Promise.resolve(`words of ${text(metadata, 'o365:Name') ?? ''}`),
    }
  }

  reader(): DataTypeReader {
    return {
      ...this.describer(),
      containers: () => Promise.resolve({ containers: this.containers.map(asContainer), cursor: undefined }),
      changes: (_root, container) => this.#changes(container.id),
      metadata: (properties) => properties,
      properties: (metadata) => metadata,
      body: (_root, _container, { id }) => Promise.resolve(this.#body(id)),
      item: (_root, id) => {
        const item = this.items.find((one) => one.id === id)
        if (item === undefined) throw new EngineError('graph.not-found')
        return Promise.resolve({ container: item.container, properties: propertiesOf(item) })
      },
    }
  }

  async *#changes(container: string): AsyncGenerator<ChangePage> {
    const items = await Promise.resolve(this.items.filter((item) => item.container === container))
    const changes = items.map((item): Change => {
      return { kind: 'put', id: item.id, properties: propertiesOf(item), partial: false }
    })
    yield { changes, next: undefined, cursor: undefined }
  }

  #body(id: string): Awaited<ReturnType<DataTypeReader['body']>> {
    const item = this.items.find((one) => one.id === id)
    if (item === undefined) throw new EngineError('graph.not-found')
    const content = item.content === undefined ? undefined : this.#bytes(id, item.content)
    const parts = Object.entries(item.parts ?? {}).map(([name, text]): Part => ({
      name,
      open: async () => {
        await Promise.resolve()
        return this.#bytes(`${id}/${name}`, text)
      },
    }))
    return { parts, ...(content === undefined ? {} : { content }) }
  }

  #bytes(key: string, text: string): Uint8Array {
    if (this.unreadable.has(key)) throw new EngineError('graph.item-unreadable')
    this.read.push(key)
    return Buffer.from(text)
  }
}

function asContainer({ id, parentId, name }: ScriptedContainer): Container {
  return { id, parentId, name, properties: { 'o365:Id': id, 'o365:Name': name } }
}

function propertiesOf({ id, name, version, shard, content }: ScriptedItem): JsonObject {
  const place = shard === undefined ? {} : { shard }
  return { 'o365:Id': id, 'o365:Name': name, version, ...place, size: content?.length ?? 0 }
}
