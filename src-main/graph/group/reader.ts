import { EngineError } from '../../engine/model/errors.ts'
import type {
  ChangePage,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  ListedItem,
  Root,
} from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { bodyWithPhoto } from '../item/photo-body.ts'
import {
  directoryContainer,
  groupIdentity,
  groupMetadata,
  groupRow,
  groupText,
  itemId,
  keepingUnread,
} from './group-metadata.ts'
import type { GroupItem } from './group-metadata.ts'
import { readGroup, readPhoto } from './group-reading.ts'
import type { Group, GroupContents, SignInFacts } from './group-reading.ts'

/** Groups as they are stored: what the catalog is rebuilt with. */
export const groupDescriber: ItemDescriber = {
  type: 'group',
  folder: 'group',
  contentExtension: '.photo',
  mimeContent: false,
  layout: 'beside',
  textFrom: 'metadata',
  row: groupRow,
  identity: groupIdentity,
  searchText: (metadata) => Promise.resolve(groupText(metadata)),
}

const items: readonly GroupItem[] = ['settings', 'members', 'owners']

/**
 * Reads what the directory knows of groups: settings (with the photo as content), members and owners, an item each.
 * All of it is asked for at once; an unchanged group costs no more than that. For groups only.
 * https://learn.microsoft.com/graph/api/resources/group
 */
export function groupReader(client: GraphClient): DataTypeReader {
  const facts: SignInFacts = { exchangeRefused: undefined }
  /** By group, between `containers` and the end of the run. */
  const told = new Map<string, GroupContents>()
  const groupOf = (root: Root, signal: AbortSignal): Group => ({ client, root, facts, signal })
  return {
    ...groupDescriber,
    containers: async (root, _last, signal) => {
      told.set(root.id, await readGroup(groupOf(root, signal)))
      return { containers: [directoryContainer(root)], cursor: undefined }
    },
    async *changes(root, _container, _start, signal) {
      yield changesOf(root, told.get(root.id) ?? (await readGroup(groupOf(root, signal))))
    },
    metadata: groupMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => groupBody(groupOf(root, signal), item),
    item: async (root, id, signal) => {
      const contents = await readGroup(groupOf(root, signal))
      const found = items.find((item) => itemId(root.id, item) === id)
      if (found === undefined) throw new EngineError('graph.not-found')
      return { container: root.id, properties: contents[found] }
    },
    finished: (root) => {
      told.delete(root.id)
      return Promise.resolve()
    },
  }
}

/** No cursor: the items are compared as a whole, by their change keys. */
function changesOf({ id }: Root, contents: GroupContents): ChangePage {
  const changes = items.map(
    (item) => ({ kind: 'put', id: itemId(id, item), properties: contents[item], partial: false }) as const,
  )
  return { changes, next: undefined, cursor: undefined }
}

async function groupBody(group: Group, { properties, previous }: ListedItem): Promise<ItemBody> {
  const before = previous === undefined ? {} : propertiesOf(previous)
  return await bodyWithPhoto(keepingUnread(properties, before), before, () => readPhoto(group))
}
