import { EngineError } from '../../engine/model/errors.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  DataTypeRestorer,
  ItemOutcome,
  RestoreItem,
  RestoreOptions,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { groupItemOf } from './group-metadata.ts'
import type { TargetGroup } from './group-target.ts'
import { memberRequests, restoreMembers } from './member-restore.ts'
import { restoreGroupSettings, settingsRequests } from './settings-restore.ts'

interface GroupTarget extends TargetContainer {
  readonly root: Root
  readonly options: RestoreOptions
}

/**
 * Restores members, owners and settings into a group that is there, and only what is asked for by name: `members`
 * (members and owners), `group-settings`, `photo`. Nobody is removed, and nobody is mailed.
 */
export function groupRestorer(client: GraphClient): DataTypeRestorer {
  return {
    folder: 'group',
    concurrency: 1,
    requests: (item) => requestsFor(item),
    begin: (root, options) => {
      const target: GroupTarget = { id: root.id, path: 'directory', root, options }
      return Promise.resolve(target)
    },
    container: (parent) => Promise.resolve(parent),
    item: (container, item, signal) => {
      const { root, options } = asGroupTarget(container)
      return outcomeOf(() => restoreItem({ client, root, options, signal }, item))
    },
  }
}

function asGroupTarget(target: TargetContainer): GroupTarget {
  if (!('options' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with options.
  return target as GroupTarget
}

function requestsFor({ metadata }: RestoreItem): number {
  const item = groupItemOf(metadata)
  if (item === 'members' || item === 'owners') return memberRequests(propertiesOf(metadata), item)
  return settingsRequests
}

async function restoreItem(target: TargetGroup, { metadata, content }: RestoreItem): Promise<ItemOutcome> {
  const { onRequest } = target.options
  const item = groupItemOf(metadata)
  if (item === undefined) return { kind: 'failed', code: 'restore.nothing-to-restore' }
  if (item !== 'settings') {
    if (!onRequest.has('members')) return { kind: 'skipped', code: 'only-on-request' }
    return await restoreMembers(target, propertiesOf(metadata), item)
  }
  if (!onRequest.has('group-settings') && !onRequest.has('photo')) return { kind: 'skipped', code: 'only-on-request' }
  return await restoreGroupSettings(target, propertiesOf(metadata), content)
}
