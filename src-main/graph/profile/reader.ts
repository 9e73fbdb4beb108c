import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  Container,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  ListedItem,
  Root,
} from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { bodyWithPhoto } from '../item/photo-body.ts'
import { profileIdentity, profileMetadata, profileRow, profileText } from './profile-metadata.ts'
import { keepingUnread, readPhoto, readProfile } from './profile-reading.ts'
import type { ProfileUser } from './profile-reading.ts'
import { PropertyRefusals } from './property-refusals.ts'

/** Profiles as they are stored: what the catalog is rebuilt with. */
export const profileDescriber: ItemDescriber = {
  type: 'profile',
  folder: 'profile',
  contentExtension: '.photo',
  mimeContent: false,
  layout: 'beside',
  textFrom: 'metadata',
  row: profileRow,
  identity: profileIdentity,
  searchText: (metadata) => Promise.resolve(profileText(metadata)),
}

/**
 * Reads the profile of users: one item with everything the directory and SharePoint tell, its photo as content. An
 * unchanged one costs one batch. https://learn.microsoft.com/graph/api/user-get
 */
export function profileReader(client: GraphClient): DataTypeReader {
  const user = ({ id }: Root, signal: AbortSignal): ProfileUser => ({ client, id, signal })
  const refusals = new PropertyRefusals()
  /** What was read when the containers were asked for: there is nothing to list. */
  const read = new Map<string, JsonObject>()
  return {
    ...profileDescriber,
    containers: async (root, _last, signal) => {
      read.set(root.id, await firstReading(user(root, signal), refusals))
      return { containers: [containerOf(root)], cursor: undefined }
    },
    changes: (root, _container, _start, signal) => {
      const known = read.get(root.id)
      read.delete(root.id)
      return changes(root.id, () => known ?? readProfile(user(root, signal), refusals))
    },
    metadata: profileMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => profileBody(user(root, signal), item),
    item: async (root, _id, signal) => ({
      container: root.id,
      properties: await readProfile(user(root, signal), refusals),
    }),
    finished: (root) => {
      read.delete(root.id)
      return Promise.resolve()
    },
  }
}

/** A user who is not found was deleted since the users were listed. */
async function firstReading(user: ProfileUser, refusals: PropertyRefusals): Promise<JsonObject> {
  try {
    return await readProfile(user, refusals)
  } catch (error) {
    throw isEngineError(error, 'graph.not-found') ? new EngineError('graph.root-gone', { cause: error }) : error
  }
}

function containerOf({ id }: Root): Container {
  const name = 'user'
  return { id, parentId: undefined, name, properties: containerMetadata('user', name, { id }) }
}

/** No cursor: the profile is compared as a whole, by its change key. */
async function* changes(
  id: string,
  read: () => JsonObject | Promise<JsonObject>,
): AsyncGenerator<ChangePage, void, undefined> {
  const put = { kind: 'put', id, properties: await read(), partial: false } as const
  yield { changes: [put], next: undefined, cursor: undefined }
}

async function profileBody(user: ProfileUser, { properties, previous }: ListedItem): Promise<ItemBody> {
  const before = previous === undefined ? {} : propertiesOf(previous)
  return await bodyWithPhoto(keepingUnread(properties, before), before, () => readPhoto(user))
}
