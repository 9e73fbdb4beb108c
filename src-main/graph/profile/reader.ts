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
import { filledText, record } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { ownNames, profileIdentity, profileMetadata, profileRow, profileText } from './profile-metadata.ts'
import { keepingUnread, readPhoto, readProfile } from './profile-reading.ts'
import type { ProfileUser } from './profile-reading.ts'

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
  return {
    ...profileDescriber,
    containers: (root) => Promise.resolve({ containers: [containerOf(root)], cursor: undefined }),
    changes: (root, _container, _start, signal) => changes(user(root, signal)),
    metadata: profileMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => profileBody(user(root, signal), item),
    item: async (root, _id, signal) => ({ container: root.id, properties: await readProfile(user(root, signal)) }),
  }
}

function containerOf({ id }: Root): Container {
  const name = 'user'
  return { id, parentId: undefined, name, properties: containerMetadata('user', name, { id }) }
}

/** No cursor: the profile is compared as a whole, by its change key. */
async function* changes(user: ProfileUser): AsyncGenerator<ChangePage, void, undefined> {
  const properties = await readProfile(user)
  const put = { kind: 'put', id: user.id, properties, partial: false } as const
  yield { changes: [put], next: undefined, cursor: undefined }
}

async function profileBody(user: ProfileUser, { properties, previous }: ListedItem): Promise<ItemBody> {
  const before = previous === undefined ? {} : propertiesOf(previous)
  const kept = keepingUnread(properties, before)
  const photo = record(kept, ownNames.photo)
  if (photo === undefined) return { properties: kept }
  if (samePhoto(photo, record(before, ownNames.photo))) return { properties: kept, content: 'unchanged' }
  try {
    const content = await readPhoto(user)
    return content === undefined ? { properties: kept } : { properties: kept, content }
  } catch (error) {
    if (!isEngineError(error) || !isLasting(error)) throw error
    // The rest of the profile is stored; without an etag the photo is read again as soon as there is a reason.
    const properties = { ...kept, [ownNames.photo]: { ...photo, mediaEtag: null } }
    return { properties, parts: [{ name: 'photo', open: () => Promise.reject(error) }] }
  }
}

function samePhoto(photo: JsonObject, before: JsonObject | undefined): boolean {
  const etag = filledText(photo, 'mediaEtag')
  return before !== undefined && etag !== undefined && etag === filledText(before, 'mediaEtag')
}

function isLasting({ code, retry }: EngineError): boolean {
  return retry === 'never' && code !== 'cancelled'
}
