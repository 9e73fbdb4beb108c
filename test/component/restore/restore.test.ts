import type { Locator } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import type { Activity, AccountRow, EventOf } from '../../../src-shared/ipc/index.ts'
import { ada, inbox, place, repository, snapshotId } from '../browse/pretend-repository.ts'
import { idle } from '../support/default-answers.ts'
import type { Handlers } from '../support/scripted-api.ts'
import { closeBrowser, openWindow, type TestWindow } from '../support/test-window.ts'

afterAll(closeBrowser)

type OperationResult = EventOf<'operationEnded'>

const account: AccountRow = {
  name: 'contoso',
  kind: 'application',
  username: null,
  tenantId: 'contoso.example',
  clientId: 'c1',
  state: 'good',
  usedBy: [],
}

function resultOf(id: string, change: Partial<OperationResult> = {}): OperationResult {
  return {
    id,
    kind: 'restore',
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

function running(id: string, items: number): Activity {
  return {
    ...idle,
    operations: [
      {
        id,
        kind: 'restore',
        plan: null,
        place,
        dryRun: false,
        started: 1_000,
        progress: { current: 'Inbox/Projects', items, bytes: 1_000_000, requests: 120, throttledMs: 3_000 },
        stopping: false,
      },
    ],
  }
}

const checked = resultOf('check', {
  figures: {
    dry_run: true,
    items_created: 200,
    items_existing: 12,
    items_skipped: 0,
    requests_expected: 640,
    folders: 3,
    total_bytes: 44_000_000,
    target_folder: 'Restored',
  },
  remarks: ['What only one person may see stays with that person.'],
})

const failures = Array.from({ length: 2_000 }, (_none, index) => ({
  path: `Inbox/Projects/message ${String(index)}`,
  outcome: index < 1_800 ? 'failed' : 'created',
  problem: index < 1_800 ? { code: 'graph.forbidden', params: {} } : null,
  messages: index < 1_800 ? ['Graph denies access'] : [],
}))

/** Operations that end when the test says so. */
function answers(more: Handlers = {}): Handlers {
  return {
    ...repository(),
    'accounts.list': () => [account],
    'restore.start': ({ dryRun }) => ({ operation: dryRun ? 'check' : 'run' }),
    'export.start': () => ({ operation: 'export' }),
    'operations.result': ({ operation }) => resultOf(operation, { outcome: 'running', ended: null }),
    'operations.lines': ({ offset, limit, failedOnly }) => {
      const rows = failedOnly ? failures.filter(({ outcome }) => outcome === 'failed') : failures
      return { count: rows.length, rows: rows.slice(offset, offset + limit) }
    },
    ...more,
  }
}

async function withSelection(more: Handlers = {}): Promise<TestWindow> {
  const window = await openWindow({ views: ['home', 'browse'], target: { view: 'browse' }, answers: answers(more) })
  const { page } = window
  for (const name of ['Users', 'ada@contoso.example', 'Mail']) {
    await page.getByRole('treeitem', { name, exact: true }).click()
    await page.keyboard.press('ArrowRight')
  }
  await page
    .getByRole('treeitem', { name: /^Archive/ })
    .locator('.box')
    .click()
  await page.getByText('1 folder selected').waitFor()
  return window
}

async function openDialog({ page }: TestWindow, name: 'Restore…' | 'Export…') {
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

/** The dialog of the system answers with `path`. */
async function chooseFolder(dialog: Locator, path: string): Promise<void> {
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await expect.poll(() => dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(path)
}

test('a restore is checked first, then done, and its report is read', async () => {
  const window = await withSelection()
  const { page, api } = window
  const dialog = await openDialog(window, 'Restore…')
  await window.expectAccessible()
  await window.screenshot('restore-form')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('Checking what would be done…').waitFor()
  expect(api.paramsOf('restore.start')).toEqual([
    {
      place,
      snapshot: snapshotId(0),
      paths: [`${ada}/mailbox/Archive`],
      dryRun: true,
      target: {
        kind: 'root',
        account: 'contoso',
        root: { kind: 'user', name: 'ada@contoso.example' },
        targetFolder: 'Restored',
        ignoreExisting: false,
        also: [],
        people: [],
      },
    },
  ])
  await window.push('operationEnded', checked)
  await dialog.getByText('This is what would be done').waitFor()
  for (const figure of ['200', '12', '640', 'about 1 min 4 s', '42.0 MiB'])
    await dialog.getByText(figure, { exact: true }).waitFor()
  await dialog.getByText('What only one person may see').waitFor()
  await window.expectAccessible()
  await window.screenshot('restore-checked')

  await dialog.getByRole('button', { name: 'Start restoring' }).click()
  await window.push('activity', running('run', 50))
  await dialog.getByText('50 of 200').waitFor()
  expect(await dialog.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25')
  await window.screenshot('restore-running')
  await window.push('activity', idle)
  await window.push(
    'operationEnded',
    resultOf('run', { outcome: 'incomplete', reportFile: '/r', figures: { items_created: 200, items_failed: 1_800 } }),
  )
  await dialog.getByText('Restored, but not everything').waitFor()
  await dialog.getByText('1,800 lines').waitFor()
  await dialog.getByRole('row', { name: /message 0 / }).click()
  await window.expectAccessible()
  await window.screenshot('restore-done')
  await dialog.getByRole('switch', { name: 'Only what failed' }).click()
  await dialog.getByText('2,000 lines').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await window.close()
})

test('leaving the dialog does not stop a restore', async () => {
  const window = await withSelection()
  const { page, api } = window
  const dialog = await openDialog(window, 'Restore…')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('Checking what would be done…').waitFor()
  await window.push('operationEnded', checked)
  await dialog.getByRole('button', { name: 'Start restoring' }).click()
  await dialog.getByRole('button', { name: 'Continue in the background' }).click()
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  expect(api.paramsOf('operations.stop')).toEqual([])
  await window.close()
})

test('a check that nobody waits for is stopped', async () => {
  const window = await withSelection({ 'operations.stop': () => ({}) })
  const { page, api } = window
  const dialog = await openDialog(window, 'Restore…')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('Checking what would be done…').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => api.paramsOf('operations.stop')).toEqual([{ operation: 'check' }])
  await window.close()
})

test('it can go to somebody else, with options and people', async () => {
  const window = await withSelection({
    'directory.roots': () => ({
      rows: [{ kind: 'user', id: 'u2', name: 'cleo@fabrikam.example', title: 'Cleo Ruiz' }],
      next: null,
      limited: false,
    }),
  })
  const { api } = window
  const dialog = await openDialog(window, 'Restore…')
  await dialog.getByRole('radio', { name: /To another user/ }).click()
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('Say where it goes.').waitFor()
  await dialog.getByText('Cleo Ruiz').click()
  await dialog.getByRole('textbox', { name: 'Target folder' }).fill('Back')
  await dialog.getByRole('checkbox', { name: /Create items even if/ }).click()
  await dialog.getByRole('button', { name: 'Add a person' }).click()
  await dialog.getByRole('textbox', { name: 'In the snapshot' }).fill('ben@contoso.example')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('Fill in both addresses').waitFor()
  await window.screenshot('restore-other')
  await dialog.getByRole('textbox', { name: 'In the target' }).fill('ben@fabrikam.example')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await expect
    .poll(() => api.paramsOf('restore.start').at(-1)?.target)
    .toEqual({
      kind: 'root',
      account: 'contoso',
      root: { kind: 'user', name: 'cleo@fabrikam.example' },
      targetFolder: 'Back',
      ignoreExisting: true,
      also: [],
      people: [{ from: 'ben@contoso.example', to: 'ben@fabrikam.example' }],
    })
  await window.close()
})

test('several roots go only into a folder of this machine', async () => {
  const window = await withSelection({ 'app.chooseFolder': () => ({ path: '/home/ada/restored' }) })
  const { page, api } = window
  await page.getByRole('treeitem', { name: 'Groups' }).locator('.box').click()
  const dialog = await openDialog(window, 'Restore…')
  await dialog.getByText(/several users, groups or sites/).waitFor()
  await dialog.getByRole('button', { name: 'Check first' }).click()
  expect(api.paramsOf('restore.start')).toEqual([])
  await chooseFolder(dialog, '/home/ada/restored')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await expect
    .poll(() => api.paramsOf('restore.start').at(-1)?.target)
    .toEqual({ kind: 'folder', path: '/home/ada/restored' })
  await window.close()
})

test('a check that fails says why, and the options can be changed', async () => {
  const window = await withSelection()
  const dialog = await openDialog(window, 'Restore…')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('Checking what would be done…').waitFor()
  await window.push(
    'operationEnded',
    resultOf('check', { outcome: 'failed', problem: { code: 'restore.target-not-found', params: { target: 'ada' } } }),
  )
  await dialog.getByText('The check failed').waitFor()
  await window.screenshot('restore-check-failed')
  expect(await dialog.getByRole('button', { name: 'Start restoring' }).count()).toBe(0)
  await dialog.getByRole('button', { name: 'Change options' }).click()
  await dialog.getByRole('button', { name: 'Check first' }).waitFor()
  await window.close()
})

test('an export offers the formats that fit', async () => {
  const window = await withSelection({ 'app.chooseFolder': () => ({ path: '/home/ada/mails' }) })
  const { api } = window
  const dialog = await openDialog(window, 'Export…')
  expect(await dialog.getByRole('radio').count()).toBe(3)
  await window.expectAccessible()
  await window.screenshot('export-form')
  await dialog.getByRole('radio', { name: /Mailboxes/ }).click()
  await chooseFolder(dialog, '/home/ada/mails')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect
    .poll(() => api.paramsOf('export.start'))
    .toEqual([
      { place, snapshot: snapshotId(0), paths: [`${ada}/mailbox/Archive`], format: 'mbox', folder: '/home/ada/mails' },
    ])
  await dialog.getByText('Exporting…').waitFor()
  await window.push(
    'operationEnded',
    resultOf('export', { kind: 'export', figures: { items: 12, files: 1, skipped: 0, folder: '/home/ada/mails' } }),
  )
  await dialog.getByText('Exported', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Open folder' }).click()
  await expect.poll(() => api.paramsOf('app.showInFolder')).toEqual([{ path: '/home/ada/mails' }])
  await window.close()
})

test('single items of a list are restored by their paths', async () => {
  const window = await withSelection()
  const { page, api } = window
  await page
    .getByRole('treeitem', { name: /^Archive/ })
    .locator('.box')
    .click()
  await page.getByRole('treeitem', { name: /^Inbox/ }).click()
  const items = page.getByRole('region', { name: 'Items of Inbox' })
  await items.locator('[data-row="2"] .mark').click()
  await items.locator('[data-row="4"] .mark').click()
  const dialog = await openDialog(window, 'Restore…')
  await dialog.getByText(/^2 items from the snapshot of/).waitFor()
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await expect
    .poll(() => api.paramsOf('restore.start').at(-1)?.paths)
    .toEqual([`${inbox}/2026-03/message 000002 ~abcdefghij`, `${inbox}/2026-05/message 000004 ~abcdefghij`])
  await window.close()
})
