import { EngineError } from '../../engine/model/errors.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  DataTypeRestorer,
  ItemOutcome,
  RestoreItem,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { editableAlone } from './profile-properties.ts'
import type { ProfileUser } from './profile-reading.ts'
import { restoreFields, restoreManager, restorePhoto } from './profile-restore.ts'
import type { Restored } from './profile-restore.ts'

interface ProfileTarget extends TargetContainer {
  readonly root: Root
  readonly options: RestoreOptions
}

/**
 * Restores the profile of a user, and only what is asked for by name: `profile` for the fields that Graph lets an
 * application write and for the manager, `photo` for the photo. Sign-in name, addresses, licences, password and whether
 * the account is enabled are never sent. Direct reports come back with the profiles of those people.
 *
 * https://learn.microsoft.com/graph/api/user-update
 */
export function profileRestorer(client: GraphClient): DataTypeRestorer {
  return {
    folder: 'profile',
    concurrency: 1,
    // Reading what is there twice, the fields together and those that go alone; the photo is read and written.
    requests: ({ content }) => 3 + editableAlone.length + (content === undefined ? 0 : 2),
    begin: (root, options) => {
      const target: ProfileTarget = { id: root.id, path: 'user', root, options }
      return Promise.resolve(target)
    },
    container: (parent) => Promise.resolve(parent),
    item: (container, item, signal) => {
      const { root, options } = asProfileTarget(container)
      return outcomeOf(() => restoreProfile({ client, id: root.id, signal }, options, item))
    },
  }
}

function asProfileTarget(target: TargetContainer): ProfileTarget {
  if (!('options' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with options.
  return target as ProfileTarget
}

async function restoreProfile(user: ProfileUser, options: RestoreOptions, item: RestoreItem): Promise<ItemOutcome> {
  const { onRequest, dryRun, people } = options
  if (!onRequest.has('profile') && !onRequest.has('photo')) return { kind: 'skipped', code: 'only-on-request' }
  const stored = propertiesOf(item.metadata)
  const parts: Restored[] = []
  if (onRequest.has('profile')) {
    parts.push(await restoreFields(user, stored, dryRun), await restoreManager(user, stored, people, dryRun))
  }
  if (onRequest.has('photo') && item.content !== undefined) {
    parts.push(await restorePhoto(user, item.content, dryRun))
  }
  const kept: readonly RestoreRemark[] = onRequest.has('profile') ? [{ code: 'account-state-kept' }] : []
  const remarks = [...parts.flatMap((part) => part.remarks), ...kept]
  return parts.some(({ changed }) => changed)
    ? { kind: 'created', id: user.id, remarks }
    : { kind: 'duplicate', remarks }
}
