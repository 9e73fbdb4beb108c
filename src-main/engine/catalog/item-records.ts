import type { ItemVersion, StoredPart } from './model.ts'
import { unpackIds } from './encoding.ts'

/** A row of `item` beside its container. */
export interface ItemRecord {
  readonly key: number
  readonly first_seq: number
  readonly last_seq: number | null
  readonly text_key: number | null
  readonly time: number
  readonly size: number
  readonly has_attachments: number
  readonly metadata_size: number
  readonly shard: string
  readonly name: string
  readonly graph_id: string
  readonly change_key: string
  readonly title: string
  readonly sender: string
  readonly recipients: string
  readonly metadata: Buffer
  readonly content: Buffer | null
  /** JSON of the parts; null for none. */
  readonly parts: string | null
  readonly root: number
  readonly type: string
  readonly container_id: string
}

/** Everything of an item version; to be followed by WHERE. */
export const SELECT_ITEM = `
SELECT item.key, item.first_seq, item.last_seq, item.text_key, item.time, item.size, item.has_attachments,
  item.metadata_size, item.shard, item.name, item.graph_id, item.change_key, item.title, item.sender, item.recipients,
  item.metadata, item.content, item.parts, container.root, container.type, container.graph_id AS container_id
FROM item JOIN container ON container.key = item.container`

export function itemVersion(record: ItemRecord): ItemVersion {
  return {
    root: record.root,
    type: record.type,
    graphId: record.graph_id,
    container: record.container_id,
    changeKey: record.change_key,
    name: record.name,
    shard: record.shard,
    time: record.time,
    size: record.size,
    title: record.title,
    from: record.sender,
    to: record.recipients,
    hasAttachments: record.has_attachments !== 0,
    metadata: unpackIds(record.metadata),
    metadataSize: record.metadata_size,
    content: record.content === null ? null : unpackIds(record.content),
    parts: record.parts === null ? [] : (JSON.parse(record.parts) as readonly StoredPart[]),
    textKey: record.text_key,
  }
}
