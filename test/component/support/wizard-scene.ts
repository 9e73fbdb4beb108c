import type { AccountRow, DirectoryRoot, EventOf, Operation } from '../../../src-shared/ipc/index.ts'
import type { Draft } from '../../../src-renderer/src/features/wizard/answers.ts'
import { defaultAnswers, idle } from './default-answers.ts'
import type { Handlers } from './scripted-api.ts'
import { openWindow, type TestWindow, type WindowOptions } from './test-window.ts'

export const clientId = '6f1d0c2a-91d1-4a51-b7b1-0d9a3a1f5c11'
export const suggested = 'harvest-copper-lantern-mosaic-drift-willow'
export const runOperation = 'operation-1'

export const person: AccountRow = {
  name: 'me',
  kind: 'person',
  username: 'ada@contoso.example',
  tenantId: 'contoso.example',
  clientId,
  state: 'good',
  usedBy: [],
}
export const application: AccountRow = { ...person, name: 'contoso', kind: 'application', username: null }

const sixThousand = 6_000

/** The n-th of 6,000 users. */
function userRow(index: number): DirectoryRoot {
  const name = `user${index}@contoso.example`
  return { kind: 'user', id: `u${index}`, name, title: `Person ${index}` }
}

const page = 200

function roots(
  kind: DirectoryRoot['kind'],
  query: string,
  cursor: string | null,
): { rows: DirectoryRoot[]; next: string | null } {
  if (kind === 'group') return { rows: [{ kind, id: 'g1', name: 'sales@contoso.example', title: 'Sales' }], next: null }
  if (kind === 'site')
    return { rows: [{ kind, id: 's1', name: 'contoso.example/sites/intranet', title: 'Intranet' }], next: null }
  const found = Array.from({ length: sixThousand }, (_none, index) => userRow(index)).filter(({ title }) =>
    title.toLowerCase().includes(query.toLowerCase()),
  )
  const from = cursor === null ? 0 : Number(cursor)
  const to = from + page
  return { rows: found.slice(from, to), next: to < found.length ? String(to) : null }
}

const drive = { id: 'd1', name: 'Documents', owner: 'Intranet', free: 5e11, total: 1e12 }

export const runningOperation: Operation = {
  id: runOperation,
  kind: 'backup',
  plan: 'plan-1',
  place: '/media/disk/Holdfast',
  dryRun: false,
  started: 1_772_000_000_000,
  progress: {
    current: 'users/ada@contoso.example/mailbox/Inbox',
    items: 1_250,
    expected: 5_000,
    bytes: 73_400_320,
    requests: 96,
    throttledMs: 2_400,
  },
  stopping: false,
}

export const goodResult: EventOf<'operationEnded'> = {
  id: runOperation,
  kind: 'backup',
  outcome: 'done',
  started: 1_772_000_000_000,
  ended: 1_772_000_060_000,
  problem: null,
  figures: { total_items: 5_000, total_bytes: 293_601_280, data_added_packed: 91_000_000, items_unread: 0 },
  remarks: [],
  reportFile: null,
}

/** A profile with nothing in it, and a tenant to set up. Drafts are kept in `drafts`, the newest last. */
export class WizardScene {
  readonly drafts: (Draft | null)[] = []
  #accounts: readonly AccountRow[] = []

  constructor(draft: Draft | null = null, accounts: readonly AccountRow[] = []) {
    this.drafts.push(draft)
    this.#accounts = accounts
  }

  get draft(): Draft | null {
    return this.drafts.at(-1) ?? null
  }

  readonly #signIn = (account: AccountRow): AccountRow => {
    this.#accounts = [...this.#accounts, account]
    return account
  }

  answers(): Handlers {
    return {
      ...defaultAnswers,
      'wizard.draft': () => ({ draft: this.draft }),
      'wizard.saveDraft': ({ draft }) => {
        this.drafts.push(draft)
        return {}
      },
      'accounts.list': () => [...this.#accounts],
      'accounts.signIn': ({ name }) => this.#signIn({ ...person, name }),
      'accounts.signInApplication': ({ name }) => ({
        account: this.#signIn({ ...application, name }),
        certificate: null,
      }),
      'accounts.cancelSignIn': () => ({}),
      'accounts.permissions': () => ({
        rows: [{ permission: 'Mail.Read', types: ['mail'], granted: true, restore: false }],
        missing: 0,
      }),
      'directory.counts': () => ({ user: sixThousand, group: 214, site: null }),
      'directory.types': () => [
        { kind: 'user', folder: 'mailbox', type: 'mail' },
        { kind: 'user', folder: 'calendar', type: 'calendar' },
        { kind: 'user', folder: 'onedrive', type: 'files' },
        { kind: 'group', folder: 'teams', type: 'teams' },
        { kind: 'site', folder: 'lists', type: 'lists' },
      ],
      'directory.roots': ({ kind, query, cursor }) => ({ ...roots(kind, query, cursor), limited: false }),
      'directory.drives': () => ({ rows: [drive], next: null }),
      'directory.folders': ({ folder }) => ({
        rows: folder === null ? [{ id: 'f1', name: 'Backups', children: 0 }] : [],
        next: null,
      }),
      'directory.place': ({ folders }) => ({
        place: `sharepoint://contoso.example/sites/x/Documents/${folders.join('/')}`,
      }),
      'app.chooseFolder': () => ({ path: '/media/disk/Holdfast' }),
      'destinations.test': () => ({ state: 'absent', writable: true, free: 5e11, total: 1e12 }),
      'destinations.create': () => ({ repository: 'r1' }),
      'destinations.unlock': () => ({ repository: 'r1' }),
      'passphrase.suggest': () => ({ passphrase: suggested, bits: 77.5 }),
      'kit.save': () => ({ path: '/home/ada/Holdfast recovery kit.html' }),
      'plans.save': () => ({ plan: 'plan-1' }),
      'plans.run': () => ({ operation: runOperation }),
      'operations.result': () => ({ ...goodResult, outcome: 'running', ended: null, figures: {} }),
    }
  }
}

/** The window at first start: it shows the wizard by itself. */
export async function openWizard(scene: WizardScene, options: WindowOptions = {}): Promise<TestWindow> {
  return openWindow({ views: ['wizard', 'home'], ...options, answers: { ...scene.answers(), ...options.answers } })
}

export { idle }
