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
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { CategoryRestore } from './category-restore.ts'
import { RuleRestore } from './rule-restore.ts'
import { kindOf } from './settings-metadata.ts'
import { restoreSettings } from './settings-restore.ts'

interface SettingsTarget extends TargetContainer {
  readonly root: Root
  readonly options: RestoreOptions
  readonly rules: RuleRestore
  readonly categories: CategoryRestore
}

/**
 * Restores rules, settings and categories into the mailbox of a user; the target folder plays no part but for where
 * rules look for their folders.
 *
 * - Rules, with `rules` requested: created unless an equal one is there, in their order. One that sends mail to others,
 *   lacks a folder or had an error is created switched off.
 * - Settings, each with its word (`automatic-replies`, `time-zone`, `language`, `working-hours`).
 * - Categories always: those whose name is missing. They send and change nothing.
 *
 * https://learn.microsoft.com/graph/api/mailfolder-post-messagerules
 */
export function mailboxSettingsRestorer(client: GraphClient): DataTypeRestorer {
  return {
    folder: 'mailbox-settings',
    // The order of rules is the order in which they are created.
    concurrency: 1,
    requests: ({ metadata }) => (kindOf(text(propertiesOf(metadata), 'kind')) === 'settings' ? 5 : 1),
    begin: (root, options) => {
      const rules = new RuleRestore(options)
      const target: SettingsTarget = {
        id: root.id,
        path: 'mailbox-settings',
        root,
        options,
        rules,
        categories: new CategoryRestore(),
      }
      return Promise.resolve(target)
    },
    container: (parent) => Promise.resolve(parent),
    item: (container, item, signal) => {
      const target = asSettingsTarget(container)
      return outcomeOf(() => restoreItem({ client, user: target.root.id, signal }, target, item))
    },
  }
}

function asSettingsTarget(target: TargetContainer): SettingsTarget {
  if (!('categories' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with categories.
  return target as SettingsTarget
}

async function restoreItem(mailbox: Mailbox, target: SettingsTarget, { metadata }: RestoreItem): Promise<ItemOutcome> {
  const properties = propertiesOf(metadata)
  switch (kindOf(text(properties, 'kind'))) {
    case 'rules':
      return await target.rules.restore(mailbox, properties)
    case 'categories':
      return await target.categories.restore(mailbox, properties, target.options)
    case 'settings':
      return await restoreSettings(mailbox, properties, target.options)
    default:
      return { kind: 'failed', code: 'graph.request-refused', detail: 'unknown-kind' }
  }
}
