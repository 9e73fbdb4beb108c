import { afterAll, expect, test } from 'vitest'
import type { Activity, DestinationRow, EventOf, Operation } from '../../../src-shared/ipc/index.ts'
import { idle } from '../support/default-answers.ts'
import { Refusal, type Handlers } from '../support/scripted-api.ts'
import { closeBrowser, openWindow, type TestWindow } from '../support/test-window.ts'

afterAll(closeBrowser)

type OperationResult = EventOf<'operationEnded'>

const day = 86_400_000
const place = '/media/disk/Holdfast'
const views = ['home', 'destinations', 'browse']

const disk: DestinationRow = {
  place,
  kind: 'folder',
  title: place,
  account: null,
  plans: ['Every night', 'The library of the marketing department with its very long name'],
  unlocked: true,
  lastCheck: { time: Date.now() - 2 * day, problems: 0 },
  lastDrill: { time: Date.now() - 9 * day, items: 60, failed: 0 },
}
const drive: DestinationRow = {
  place: 'onedrivev2://Holdfast?authid=contoso&drive-id=d1',
  kind: 'onedrive',
  title: 'OneDrive of Ada Lovelace / Backups of everything in the whole company / Holdfast',
  account: 'contoso',
  plans: [],
  unlocked: false,
  lastCheck: null,
  lastDrill: null,
}
const damaged: DestinationRow = {
  ...disk,
  place: '/media/old/Holdfast',
  title: '/media/old/Holdfast',
  plans: [],
  lastCheck: { time: Date.now() - day, problems: 3 },
  lastDrill: { time: Date.now() - day, items: 60, failed: 2 },
}

const answers: Handlers = {
  'destinations.list': () => [disk, drive, damaged],
  'destinations.test': ({ place: asked }) => ({
    state: 'repository',
    writable: true,
    free: asked === place ? 4e11 : 2e10,
    total: 1e12,
  }),
  'destinations.figures': () => ({
    snapshots: 212,
    bytes: 7.4e10,
    packs: 4_500,
    oldest: 1_700_000_000_000,
    newest: Date.now() - day,
  }),
  'passphrase.suggest': () => ({ passphrase: 'harvest-copper-lantern-mosaic-drift-willow', bits: 77.5 }),
}

function resultOf(id: string, kind: OperationResult['kind'], change: Partial<OperationResult> = {}): OperationResult {
  return {
    id,
    kind,
    outcome: 'done',
    started: 1_000,
    ended: 43_000,
    problem: null,
    figures: {},
    remarks: [],
    reportFile: null,
    ...change,
  }
}

function working(id: string, kind: Operation['kind']): Activity {
  const progress = { current: 'reading packs', items: 1_200, expected: 4_500 }
  return {
    ...idle,
    operations: [{ id, kind, plan: null, place, dryRun: false, started: 1_000, progress, stopping: false }],
  }
}

async function openDestinations(more: Handlers = {}): Promise<TestWindow> {
  return await openWindow({ views, target: { view: 'destinations' }, answers: { ...answers, ...more } })
}

async function choose({ page }: TestWindow, title: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${title}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('destinations say how they are; a locked one is unlocked', async () => {
  const window = await openDestinations({
    'destinations.unlock': () => {
      throw new Refusal('repository.wrong-passphrase')
    },
  })
  const { page, api } = window
  await page.getByText('559 GiB of 931 GiB used, 373 GiB free').waitFor()
  await page
    .getByText(/^212 snapshots, /)
    .first()
    .waitFor()
  await page.getByText('The passphrase is not on this machine').waitFor()
  await page.getByText('2 days ago: no damage').waitFor()
  await page.getByText('yesterday: 3 problems').or(page.getByText('1 day ago: 3 problems')).waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations')
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('wrong')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('textbox', { name: 'Passphrase' }).getAttribute('aria-invalid')).toBe('true')
  await window.screenshot('destinations-locked')
  // Figures of a repository that cannot be opened are not asked for.
  expect(api.paramsOf('destinations.figures').map((asked) => asked.place)).not.toContain(drive.place)
  api.on('destinations.unlock', () => ({ repository: 'r1' }))
  api.on('destinations.list', () => [disk, { ...drive, unlocked: true }, damaged])
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('right')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByText(`${drive.title} is unlocked`).waitFor()
  await expect.poll(() => page.getByText('The passphrase is not on this machine').count()).toBe(0)
  await expect.poll(() => api.paramsOf('destinations.figures').map((asked) => asked.place)).toContain(drive.place)
  await window.close()
})

test('a check is started with a part of the data, shows its progress, and tells of damage', async () => {
  const window = await openDestinations({
    'check.start': () => ({ operation: 'j1' }),
    'operations.result': () => resultOf('j1', 'check', { outcome: 'running', ended: null }),
    'operations.stop': () => ({}),
    'operations.lines': () => ({
      count: 1,
      rows: [
        {
          path: 'users/ada@contoso.example/mailbox/Inbox',
          outcome: 'damaged',
          problem: { code: 'repository.pack-damaged', params: {} },
          messages: ['pack 0a1b2c3d: the pack file is damaged'],
        },
      ],
    }),
  })
  const { page, api } = window
  await page.getByRole('button', { name: `Check now ${place}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Structure and part of the data' }).check()
  await dialog.getByRole('spinbutton').fill('0')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await dialog.getByText('Enter a share from 0.1 to 100.').waitFor()
  expect(api.paramsOf('check.start')).toEqual([])
  await window.expectAccessible()
  await window.screenshot('destinations-check')
  await dialog.getByRole('spinbutton').fill('2.5')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await expect.poll(() => api.paramsOf('check.start')).toEqual([{ place, read: 2.5 }])
  await window.push('activity', working('j1', 'check'))
  await dialog.getByText('1,200 of 4,500').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-checking')
  await dialog.getByRole('button', { name: 'Continue in the background' }).click()
  await page.getByRole('status').getByRole('button', { name: 'Show' }).click()
  await dialog.getByText('1,200 of 4,500').waitFor()
  await window.push(
    'operationEnded',
    resultOf('j1', 'check', {
      outcome: 'failed',
      figures: { num_errors: 1, snapshots: 212, packs: 4_500, packs_read: 112, bytes_read: 1.8e9, unused_packs: 0 },
      remarks: ['Snapshot 5e6f7a8b needs it.'],
      reportFile: '/home/ada/.config/Holdfast/reports/check-1.jsonl',
    }),
  )
  await window.push('activity', idle)
  await dialog.getByText('The repository is damaged').waitFor()
  await dialog.getByText('pack 0a1b2c3d: the pack file is damaged').first().waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-damaged')
  await dialog.getByRole('button', { name: 'Show the report file' }).click()
  await expect
    .poll(() => api.paramsOf('app.showInFolder'))
    .toEqual([{ path: '/home/ada/.config/Holdfast/reports/check-1.jsonl' }])
  await window.close()
})

test('a drill tells what came back; a prune first tells what it would free', async () => {
  const window = await openDestinations({
    'drill.start': () => ({ operation: 'd1' }),
    'prune.start': ({ dryRun }) => ({ operation: dryRun ? 't1' : 'p1' }),
    'operations.result': ({ operation }) => {
      if (operation === 'd1')
        return resultOf('d1', 'drill', { figures: { drill_samples: 60, drill_bad: 0, drill_bytes: 4e6 } })
      const figures = { bytes_freed: 5e8, bytes_total: 7.4e10, packs_removed: 31, packs_repacked: 4 }
      return resultOf(operation, 'prune', { figures: { ...figures, dry_run: operation === 't1' } })
    },
  })
  const { page, api } = window
  const dialog = page.getByRole('dialog')
  await choose(window, place, 'Restore drill')
  await dialog.getByRole('button', { name: 'Start the drill' }).click()
  await dialog.getByText('All samples came back').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-drill')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await choose(window, place, 'Prune')
  await dialog.getByText('477 MiB would be freed').waitFor()
  expect(api.paramsOf('prune.start')).toEqual([{ place, dryRun: true }])
  await window.expectAccessible()
  await window.screenshot('destinations-prune')
  await dialog.getByRole('button', { name: 'Prune now' }).click()
  await dialog.getByText('The repository is pruned').waitFor()
  expect(api.paramsOf('prune.start').at(-1)).toEqual({ place, dryRun: false })
  await window.close()
})

test('keys are listed, added and removed, never the last one nor the one that is used', async () => {
  const current = { id: 'a'.repeat(64), user: 'ada', machine: 'laptop', created: 1_772_000_000_000, current: true }
  const other = { id: 'b'.repeat(64), user: 'grace', machine: 'server', created: null, current: false }
  const window = await openDestinations({
    'keys.list': () => [current, other],
    'keys.remove': () => ({}),
    'keys.add': () => ({}),
    'keys.change': () => ({}),
  })
  const { page, api } = window
  const dialog = page.getByRole('dialog')
  await choose(window, place, 'Keys')
  await dialog.getByText('ada on laptop').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-keys')
  const own = dialog.getByRole('button', { name: /The key that is used here cannot be removed/ })
  expect(await own.getAttribute('aria-disabled')).toBe('true')
  await own.focus()
  await page.keyboard.press('Enter')
  api.on('keys.list', () => [current])
  await dialog.getByRole('button', { name: 'Remove key bbbbbbbb' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await dialog.getByText('The key is removed').waitFor()
  expect(api.paramsOf('keys.remove')).toEqual([{ place, key: other.id }])
  await dialog.getByRole('button', { name: 'The only key cannot be removed' }).waitFor()
  await dialog.getByRole('button', { name: 'Add a key' }).click()
  await dialog.getByText('harvest-copper-lantern-mosaic-drift-willow').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-key-add')
  await dialog.getByRole('button', { name: 'Add a key' }).click()
  await dialog.getByText('The key is added').waitFor()
  await dialog.getByRole('button', { name: 'Change the passphrase' }).click()
  await dialog.getByText('harvest-copper-lantern-mosaic-drift-willow').waitFor()
  await dialog.getByRole('button', { name: 'Change the passphrase' }).click()
  await dialog.getByText('The recovery kit has the old one: save a new kit.').waitFor()
  expect(api.paramsOf('keys.change')).toHaveLength(1)
  await window.close()
})

test('a recovery kit is saved without the passphrase, as text; a place in use is not removed', async () => {
  const window = await openDestinations({
    'kit.save': () => ({ path: '/home/ada/holdfast-recovery-kit-0a1b2c3d.txt' }),
    'destinations.remove': () => ({}),
  })
  const { page, api } = window
  const dialog = page.getByRole('dialog')
  await choose(window, place, 'Recovery kit')
  await dialog.getByRole('radio', { name: 'Plain text' }).check()
  await dialog.getByRole('checkbox', { name: 'With the passphrase' }).uncheck()
  await dialog.getByRole('button', { name: 'Save…' }).click()
  await dialog.getByText('/home/ada/holdfast-recovery-kit-0a1b2c3d.txt').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-kit')
  expect(api.paramsOf('kit.save')).toEqual([{ place, format: 'text', withPassphrase: false }])
  await dialog.getByRole('button', { name: 'Show' }).click()
  await expect.poll(() => api.paramsOf('app.showInFolder')).toHaveLength(1)
  await page.keyboard.press('Escape')
  await choose(window, place, 'Remove')
  await dialog.getByText(/still write there: remove these plans first/).waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-in-use')
  await page.keyboard.press('Escape')
  await choose(window, damaged.title, 'Remove')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect.poll(() => api.paramsOf('destinations.remove')).toEqual([{ place: damaged.place }])
  await window.close()
})

test('a place that is gone says so; none yet, and a failure, say what to do', async () => {
  const window = await openDestinations({
    'destinations.test': () => {
      throw new Refusal('store.unreachable', { place }, 'later')
    },
    'destinations.figures': () => {
      throw new Refusal('store.unreachable', { place }, 'later')
    },
    'destinations.list': () => [disk],
  })
  const { page, api } = window
  await page.getByText('This place cannot be used now').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-unreachable')
  api.on('destinations.test', () => ({ state: 'absent', writable: true, free: null, total: null }))
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('There is no repository in this place any more').waitFor()
  api.on('destinations.list', () => [])
  await window.push('changed', { what: ['destinations'] })
  await page.getByText('No destination yet').waitFor()
  await window.expectAccessible()
  await window.screenshot('destinations-empty')
  api.on('destinations.list', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await window.push('changed', { what: ['destinations'] })
  await page.getByText('The destinations could not be read').waitFor()
  await window.close()
})
