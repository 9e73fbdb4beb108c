import type { AccountRow, DestinationRow, PlanDraft, PlanRow } from '../../../src-shared/ipc/index.ts'
import type { Handlers } from '../support/scripted-api.ts'

const hour = 3_600_000

export const place = '/media/disk/Holdfast'
export const drivePlace = 'onedrivev2://Holdfast?authid=contoso&drive-id=d1'
export const longName =
  'The library of the marketing department with its very long name, and everything that belongs to it'

const contoso: AccountRow = {
  name: 'contoso',
  kind: 'application',
  username: null,
  tenantId: 'contoso.example',
  clientId: 'c1',
  state: 'good',
  usedBy: [],
}
const ada: AccountRow = { ...contoso, name: 'ada', kind: 'person', username: 'ada@contoso.example' }

const disk: DestinationRow = {
  place,
  kind: 'folder',
  title: place,
  account: null,
  plans: ['Every night'],
  unlocked: true,
  lastCheck: null,
  lastDrill: null,
}
export const drive: DestinationRow = {
  ...disk,
  place: drivePlace,
  kind: 'onedrive',
  title: 'OneDrive of Ada / Holdfast',
  account: 'contoso',
  plans: [],
  unlocked: false,
}

export const everyNight: PlanDraft = {
  id: 'p1',
  name: 'Every night',
  place,
  sources: [
    {
      account: 'contoso',
      kinds: ['user', 'group', 'site'],
      roots: null,
      types: null,
      include: [],
      exclude: [],
      fileVersions: 0,
    },
  ],
  schedule: { recurrence: { kind: 'daily', at: '22:00' }, quiet: null },
  retention: { last: null, hourly: null, daily: 14, weekly: 8, monthly: 24, yearly: null, within: null },
  prune: { everyDays: 7 },
  check: { percent: 5, everyDays: 7 },
  notice: null,
}

/** Everything that a plan can say. */
export const detailed: PlanDraft = {
  ...everyNight,
  id: 'p2',
  name: longName,
  sources: [
    {
      account: 'contoso',
      kinds: ['user', 'site'],
      roots: [
        { kind: 'user', name: 'ada@contoso.example' },
        { kind: 'site', name: 'contoso.example/sites/marketing' },
      ],
      types: ['mail', 'onedrive', 'libraries'],
      include: ['after:2024-01-01'],
      exclude: ['users/*/mailbox/Junk', 'type:notes'],
      fileVersions: 3,
    },
    { ...everyNight.sources[0], account: 'ada', kinds: ['user'] } as PlanDraft['sources'][number],
  ],
  schedule: {
    recurrence: { kind: 'weekly', on: ['monday', 'thursday'], at: '06:30' },
    quiet: { from: '08:00', to: '18:00' },
  },
  prune: null,
  check: null,
  notice: { percent: 10, items: 25 },
}

export function rowOf({ id, name, place: where, schedule }: PlanDraft, change: Partial<PlanRow> = {}): PlanRow {
  return {
    id: id ?? '',
    name,
    place: where,
    schedule,
    paused: false,
    operation: null,
    elsewhere: null,
    lastRun: null,
    lastGood: Date.now() - 3 * hour,
    next: Date.now() + 21.5 * hour,
    items: 48_120,
    bytes: 9.4e9,
    growth: [],
    attention: [],
    ...change,
  }
}

const drafts = [everyNight, detailed]

export const answers: Handlers = {
  'plans.list': () => [rowOf(everyNight), rowOf(detailed, { paused: true, next: null })],
  'plans.get': ({ plan }) => drafts.find(({ id }) => id === plan) ?? everyNight,
  'accounts.list': () => [contoso, ada],
  'destinations.list': () => [disk, drive],
  'directory.types': () => [
    { kind: 'user', folder: 'mailbox', type: 'mail' },
    { kind: 'user', folder: 'calendar', type: 'calendar' },
    { kind: 'user', folder: 'onedrive', type: 'onedrive' },
    { kind: 'group', folder: 'calendar', type: 'calendar' },
    { kind: 'group', folder: 'conversations', type: 'conversations' },
    { kind: 'site', folder: 'libraries', type: 'libraries' },
    { kind: 'site', folder: 'lists', type: 'lists' },
  ],
  'directory.roots': ({ kind }) => ({
    rows: [
      { kind, id: `${kind}-1`, name: kind === 'user' ? 'ada@contoso.example' : `${kind}-1`, title: `First ${kind}` },
      { kind, id: `${kind}-2`, name: `${kind}-2`, title: `Second ${kind}` },
    ],
    next: null,
    limited: false,
  }),
  'passphrase.suggest': () => ({ passphrase: 'harvest-copper-lantern-mosaic-drift-willow', bits: 77.5 }),
}
