import { mailboxSettingsReader } from '../../../src-main/graph/mailbox-settings/reader.ts'
import { mailboxSettingsRestorer } from '../../../src-main/graph/mailbox-settings/restorer.ts'
import type { OnRequest, RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { mailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import type { MailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import type { TenantState } from '../../support/graph-simulator/index.ts'
import { ada, startWorld } from '../mail/mailbox-fixture.ts'
import type { World } from '../mail/mailbox-fixture.ts'

export const grace = 'grace@fabrikam.example'

const person = (name: string, address: string): object => ({ emailAddress: { name, address } })

/** Every condition there is. */
const allConditions = {
  bodyContains: ['INVOICE'],
  bodyOrSubjectContains: ['OFFER', 'DEAL'],
  categories: ['Red category'],
  fromAddresses: [person('Adele', 'adele@contoso.example')],
  hasAttachments: true,
  headerContains: ['X-SPAM'],
  importance: 'high',
  isApprovalRequest: true,
  isAutomaticForward: true,
  isAutomaticReply: true,
  isEncrypted: true,
  isMeetingRequest: true,
  isMeetingResponse: true,
  isNonDeliveryReport: true,
  isPermissionControlled: true,
  isReadReceipt: true,
  isSigned: true,
  isVoicemail: true,
  messageActionFlag: 'followUp',
  notSentToMe: true,
  recipientContains: ['SALES'],
  senderContains: ['ADELE'],
  sensitivity: 'private',
  sentCcMe: true,
  sentOnlyToMe: true,
  sentToAddresses: [person('List', 'list@contoso.example')],
  sentToMe: true,
  sentToOrCcMe: true,
  subjectContains: ['ENTER TO WIN'],
  withinSizeRange: { minimumSize: 1, maximumSize: 1000 },
}

const zone = {
  '@odata.type': '#microsoft.graph.customTimeZone',
  name: 'Customized Time Zone',
  bias: -300,
  standardOffset: { time: '02:00:00.0000000', dayOccurrence: 2, dayOfWeek: 'sunday', month: 10, year: 0 },
}

export const settings = {
  timeZone: 'W. Europe Standard Time',
  dateFormat: 'dd.MM.yyyy',
  timeFormat: 'HH:mm',
  delegateMeetingMessageDeliveryOptions: 'sendToDelegateAndPrincipal',
  language: { locale: 'de-DE', displayName: 'German (Germany)' },
  workingHours: {
    daysOfWeek: ['monday', 'friday'],
    startTime: '09:00:00.0000000',
    endTime: '13:30:00.0000000',
    timeZone: zone,
  },
  automaticRepliesSetting: {
    status: 'alwaysEnabled',
    externalAudience: 'contactsOnly',
    scheduledStartDateTime: { dateTime: '2016-03-14T07:00:00.0000000', timeZone: 'UTC' },
    scheduledEndDateTime: { dateTime: '2016-03-28T07:00:00.0000000', timeZone: 'UTC' },
    internalReplyMessage: '<html>Away</html>',
    externalReplyMessage: '<html>Gone</html>',
  },
}

export interface SettingsWorld extends World {
  readonly state: MailboxSettingsState
}

async function settingsWorld(user: string, language: 'en' | 'de', tenantId: string): Promise<SettingsWorld> {
  const world = await startWorld([{ userPrincipalName: user, mailbox: { language } }], { app: { tenantId } })
  return { ...world, state: mailboxSettingsState(world.simulator.tenant) }
}

export async function sourceWorld(): Promise<SettingsWorld> {
  const world = await settingsWorld(ada, 'en', '5f0c1a52-7d3e-4b86-9f1d-2c64a1f0e7b9')
  fillSettings(world.simulator.tenant)
  return world
}

/** Rules of every kind in Ada's mailbox, settings and categories. */
export function fillSettings(tenant: TenantState): void {
  const state = mailboxSettingsState(tenant)
  tenant.addFolder(ada, { displayName: 'Projects', parent: 'inbox' })
  tenant.addFolder(ada, { displayName: '2024', parent: 'Inbox/Projects' })
  tenant.addFolder(ada, { displayName: 'Lists' })
  const idOf = (path: string): string => tenant.folder(ada, path).id
  state.addRule(ada, {
    displayName: 'Everything',
    conditions: allConditions,
    exceptions: allConditions,
    actions: {
      assignCategories: ['Red category'],
      copyToFolder: idOf('Lists'),
      markAsRead: true,
      markImportance: 'low',
      moveToFolder: idOf('Inbox/Projects/2024'),
      stopProcessingRules: true,
    },
  })
  state.addRule(ada, { displayName: 'Junk', actions: { moveToFolder: idOf('junkemail') } })
  state.addRule(ada, { displayName: 'Off', isEnabled: false, actions: { delete: true, permanentDelete: true } })
  state.addRule(ada, { displayName: 'Same', actions: { markAsRead: true } })
  state.addRule(ada, { displayName: 'Same', actions: { markAsRead: true } })
  state.setSettings(ada, settings)
  for (const [name, color] of [
    ['Red category', 'preset0'],
    ['Ünïcode', 'preset24'],
    ['Plain', 'none'],
  ] as const) {
    state.addCategory(ada, name, color)
  }
}

/** Grace's mailbox in another tenant and language; with the folders of Ada's rules if asked for. */
export async function targetWorld(hasFolders = true): Promise<SettingsWorld> {
  const world = await settingsWorld(grace, 'de', '9d4f3c11-0a52-4f0e-8e39-4b1f5c1c6d77')
  if (hasFolders) addFolders(world)
  return world
}

export function addFolders({ simulator: { tenant } }: SettingsWorld): void {
  tenant.addFolder(grace, { displayName: 'Projects', parent: 'inbox' })
  tenant.addFolder(grace, { displayName: '2024', parent: 'Posteingang/Projects' })
  tenant.addFolder(grace, { displayName: 'Lists' })
}

export function read(world: SettingsWorld, user: string, before?: HeldType): Promise<HeldType> {
  return readHeld(mailboxSettingsReader(world.client), world.root(user), before)
}

const allWords: readonly OnRequest[] = ['rules', 'automatic-replies', 'time-zone', 'language', 'working-hours']

export function restore(
  world: SettingsWorld,
  held: HeldType,
  words: readonly OnRequest[] = allWords,
  more: Partial<RestoreOptions> = {},
): ReturnType<typeof restoreHeld> {
  const { client } = world
  const options = { onRequest: new Set(words), targetFolder: '/', ...more }
  return restoreHeld(mailboxSettingsRestorer(client), mailboxSettingsReader(client), held, world.root(grace), options)
}

/** The rules without their ids, which the server assigns, and with the paths of folders instead of their ids. */
export function rulesOf({ state, simulator: { tenant } }: SettingsWorld, user: string): readonly unknown[] {
  const names = new Map(tenant.folders(user).map(({ id, displayName }) => [id, displayName]))
  return state.rules(user).map(({ id: _id, actions, ...rule }) => {
    const named = Object.entries(actions ?? {}).map(([name, value]) =>
      name.endsWith('ToFolder') ? [name, names.get(String(value)) ?? 'nowhere'] : [name, value],
    )
    return { ...rule, actions: Object.fromEntries(named) as unknown }
  })
}
