import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupExitCode, reportBackup, type FinishedBackup } from '../../../../src-main/commands/parts/backup-report.ts'
import { withPlace } from '../../../../src-main/commands/parts/error-place.ts'
import { reportFailure } from '../../../../src-main/commands/parts/failure.ts'
import { itemReference, referenceText } from '../../../../src-main/commands/parts/item-reference.ts'
import { listFailures } from '../../../../src-main/commands/parts/list-failures.ts'
import { tableLines } from '../../../../src-main/commands/parts/output.ts'
import { createReportFile, KEPT_REPORTS } from '../../../../src-main/commands/parts/report-file.ts'
import { UsageError } from '../../../../src-main/commands/parts/usage-error.ts'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import type { Root } from '../../../../src-main/engine/ports/data-type.ts'
import type { BackupReport } from '../../../../src-main/engine/operations/backup/model.ts'
import { displayWidth } from '../../../../src-shared/text/printable.ts'
import { recordingOutput } from './recording-output.ts'

const report: BackupReport = {
  roots: 2,
  containers: 30,
  changed: 1,
  contentRead: 1,
  contentBytes: 2048,
  removed: 3,
  snapshot: 'ab'.repeat(32) as HexId,
  tree: 'cd'.repeat(32) as HexId,
  parent: undefined,
  items: 12_345,
  bytes: 5 * 1024 ** 3,
  newBlobs: 4,
  added: 4096,
  addedPacked: 1500,
  unread: [],
  notRefreshed: [],
  notices: [],
}

const accounting = {
  requests: 33,
  batchMembers: 0,
  byStatusClass: { '2xx': 33, '3xx': 0, '4xx': 0, '5xx': 0, none: 0 },
  retried: 0,
  throttled: 1,
  throttledMs: 7_000,
  bytesIn: 1,
  bytesOut: 1,
}

function finished(changes: Partial<BackupReport> = {}, denied: FinishedBackup['denied'] = []): FinishedBackup {
  const isExcluded = ({ name }: Root): boolean => name === 'eve@contoso.example'
  const roots = { user: 2, group: 1, site: 0 }
  return { report: { ...report, ...changes }, denied, roots, accounting, durationMs: 61_000, isExcluded }
}

const unread = { folder: 'users/ada@contoso.example/mailbox/Inbox', id: 'abcdefghij', code: 'graph.item-unreadable' }

describe('the report of a backup', () => {
  it('sums up', () => {
    const { output, lines, errors } = recordingOutput({})
    reportBackup(output, finished())
    expect(lines.join('')).toBe(
      [
        'Snapshot abababab: 12,345 items, 5.0 GiB, of 2 users, 1 group',
        '  new or changed 1 item, removed 3 items',
        '  read 1 item, 2.0 KiB',
        '  added 4.0 KiB, 1.5 KiB as stored',
        '  33 requests in 1 min 1 s, throttled for 7.0 s',
        '',
      ].join('\n'),
    )
    expect(errors).toEqual([])
  })

  it('lists what is missing and what is to be known', () => {
    const { output, errors } = recordingOutput({})
    reportBackup(
      output,
      finished({
        unread: [unread],
        notRefreshed: [{ path: 'users/ada@contoso.example/mailbox/Archive', code: 'graph.service-failed' }],
        notices: [
          { path: 'users/bob@contoso.example', code: 'root-gone' },
          { path: 'users/eve@contoso.example', code: 'root-gone' },
          { path: 'groups', code: 'graph.forbidden' },
          { path: 'users/*/notes', code: 'graph.not-for-app-only', roots: 12 },
          { path: '', code: 'continued' },
        ],
      }),
    )
    expect(errors.join('')).toBe(
      [
        'warning: 1 item could not be read, to be tried again in the next run:',
        '  users/ada@contoso.example/mailbox/Inbox ~abcdefghij: Graph cannot read it, it is damaged there',
        'warning: 1 folder could not be listed and stayed as in the snapshot before:',
        '  users/ada@contoso.example/mailbox/Archive: Graph answered with a fault of its own',
        'Noticed:',
        '  users/bob@contoso.example: not in the tenant any more; earlier snapshots keep it',
        '  users/eve@contoso.example: left out by --exclude; earlier snapshots keep it',
        '  groups: Graph denies access',
        '  users/*/notes (12 users): not with this sign-in; Graph gives it only to the user in person',
        '  an interrupted run was continued',
        '',
      ].join('\n'),
    )
  })

  it('tells what was asked for and is denied with the failures', () => {
    const denied = { path: 'users/*/chats', code: 'graph.forbidden', roots: 2 } as const
    const asText = recordingOutput({})
    reportBackup(asText.output, finished({ notices: [denied] }, [denied]))
    expect(asText.errors.join('')).toBe(
      [
        'warning: Not read for want of a permission ("holdfast permissions" says of which):',
        '  users/*/chats (2 users): Graph denies access',
        '',
      ].join('\n'),
    )
    const asObjects = recordingOutput({ json: true })
    reportBackup(asObjects.output, finished({ notices: [denied] }, [denied]))
    expect(asObjects.objects[0]).toMatchObject({
      message_type: 'error',
      item: 'users/*/chats',
      code: 'graph.forbidden',
    })
  })

  it('does not flood a terminal', () => {
    const { output, errors } = recordingOutput({})
    reportBackup(output, finished({ unread: Array.from({ length: 25 }, () => unread) }))
    expect(errors.join('').trimEnd().split('\n')).toHaveLength(22)
    expect(errors.join('')).toContain('and 5 more: see .holdfast/run.json in the snapshot')
  })

  it('is objects with --json, all of it', () => {
    const { output, objects, errors } = recordingOutput({ json: true })
    reportBackup(output, finished({ unread: [unread, unread] }))
    expect(errors).toEqual([])
    expect(objects.map(({ message_type }) => message_type)).toEqual(['error', 'error', 'summary'])
    expect(objects[0]).toMatchObject({ item: `${unread.folder} ~abcdefghij`, code: unread.code, during: 'backup' })
    expect(objects.at(-1)).toMatchObject({
      snapshot_id: report.snapshot,
      users: 2,
      groups: 1,
      sites: 0,
      items_unread: 2,
      total_duration: 61,
    })
  })

  it('is quiet when it is told to be', () => {
    const { output, lines, errors } = recordingOutput({ quiet: true })
    reportBackup(output, finished({ unread: [unread], notices: [{ path: '', code: 'continued' }] }))
    expect(lines).toEqual([])
    expect(errors.join('')).toMatch(/^warning: 1 item could not be read/)
  })

  it('decides the exit code', () => {
    expect(backupExitCode(finished())).toBe(0)
    expect(backupExitCode(finished({ unread: [unread] }))).toBe(3)
    expect(backupExitCode(finished({ notRefreshed: [{ path: 'x', code: 'graph.stalled' }] }))).toBe(3)
    expect(backupExitCode(finished({ notices: [{ path: 'x', code: 'graph.no-mailbox' }] }))).toBe(0)
    expect(backupExitCode(finished({}, [{ path: 'x', code: 'graph.forbidden' }]))).toBe(3)
  })
})

describe('what ended a command', () => {
  it.each([
    [new UsageError('Wrong.'), 2],
    [new EngineError('usage', { context: { reason: 'graph-base-url' } }), 2],
    [new EngineError('repository.not-found'), 10],
    [new EngineError('repository.locked'), 11],
    [new EngineError('repository.wrong-passphrase'), 12],
    [new EngineError('cancelled'), 130],
    [new EngineError('store.full'), 1],
    [new TypeError('x is not a function'), 1],
    ['thrown text', 1],
  ])('%s gives exit code', (error, code) => {
    const { output, errors } = recordingOutput({})
    expect(reportFailure(error, output)).toBe(code)
    expect(errors.join('')).toMatch(/^holdfast: [A-Z][^\n]*\.\n$/)
  })

  it('is said without where it came from, unless that is asked for, and without secrets', () => {
    const error = new EngineError('store.failed', { cause: new Error('with hunter22 in it') })
    const quiet = recordingOutput({})
    reportFailure(error, quiet.output)
    expect(quiet.errors.join('')).not.toContain('at ')
    const verbose = recordingOutput({ verbose: true })
    reportFailure(error, verbose.output, ['hunter22'])
    expect(verbose.errors.join('')).toContain('caused by: Error: with *** in it')
  })

  it('is not said to nobody', () => {
    const { output, errors } = recordingOutput({})
    expect(reportFailure(new EngineError('cancelled', { context: { reason: 'output-closed' } }), output)).toBe(130)
    expect(errors).toEqual([])
  })

  it('gets a place only if it has none', () => {
    const placed = withPlace(new EngineError('store.full', { retry: 'later', context: { errno: 'ENOSPC' } }), '/here')
    expect(placed).toMatchObject({ code: 'store.full', retry: 'later', context: { errno: 'ENOSPC', place: '/here' } })
    expect(withPlace(placed, '/there')).toBe(placed)
    expect(withPlace('other', '/here')).toBe('other')
  })
})

describe('an item in a report', () => {
  it('is named by folder and short id, not by its subject', () => {
    const path = 'users/ada@contoso.example/mailbox/Inbox/2024-03/2024-03-05 08.00.59 Very private ~abcdefgh23'
    const reference = { folder: 'users/ada@contoso.example/mailbox/Inbox', id: 'abcdefgh23' }
    for (const extension of ['', '.eml', '.json']) expect(itemReference(path + extension)).toEqual(reference)
    expect(referenceText(reference)).toBe('users/ada@contoso.example/mailbox/Inbox ~abcdefgh23')
  })

  it('is its path if it is no item of ours', () => {
    expect(itemReference('home/anna/letter.txt')).toEqual({ folder: 'home/anna/letter.txt' })
    expect(referenceText({ folder: 'home/anna/letter.txt' })).toBe('home/anna/letter.txt')
  })

  it('is listed with what is wrong, a hundred of them at most', () => {
    const { output, errors } = recordingOutput({})
    const failures = Array.from({ length: 150 }, (_, at) => ({
      item: `i${at}`,
      code: 'graph.conflict',
      detail: 'ErrorX',
    }))
    listFailures(output, 'item', 'restore', failures)
    const lines = errors.join('').trimEnd().split('\n')
    expect(lines).toHaveLength(102)
    expect(lines[1]).toBe('  i0: it was changed at the same time (ErrorX)')
    expect(lines.at(-1)).toBe('  and 50 more, see the report')
  })
})

describe('a report file', () => {
  let profile: string
  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), 'holdfast-report-'))
  })
  afterEach(() => rmSync(profile, { recursive: true }))

  it('is one object per line, for its owner alone', () => {
    const file = createReportFile(profile, 'restore', Date.UTC(2026, 2, 5, 14, 7, 9))
    expect(file.path).toBe(join(profile, 'reports', '2026-03-05T14-07-09-restore.jsonl'))
    for (let at = 0; at < 20_000; at++) file.add({ at })
    file.close()
    file.close()
    const lines = readFileSync(file.path, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { at: number }).at)).toEqual(
      Array.from({ length: 20_000 }, (_, at) => at),
    )
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
    expect(statSync(join(profile, 'reports')).mode & 0o777).toBe(0o700)
  })

  it('never replaces another one', () => {
    const files = [1, 2, 3].map(() => createReportFile(profile, 'restore', 0))
    for (const file of files) file.close()
    expect(new Set(files.map(({ path }) => path)).size).toBe(3)
  })

  it('takes the place of the oldest when there are many, and of nothing else', () => {
    const folder = join(profile, 'reports')
    mkdirSync(folder)
    const day = (number: number): string => new Date(Date.UTC(2025, 0, number)).toISOString().slice(0, 10)
    const older = Array.from({ length: KEPT_REPORTS + 20 }, (_, at) => `${day(at + 1)}T02-30-00-backup.jsonl`)
    for (const name of older.slice(1)) writeFileSync(join(folder, name), '')
    mkdirSync(join(folder, older[0] ?? '')) // one that cannot be removed
    writeFileSync(join(folder, 'my-notes.txt'), '')
    const made = createReportFile(profile, 'restore', Date.UTC(2020, 0, 1))
    made.close()
    const left = readdirSync(folder)
    expect(left).toContain('my-notes.txt')
    expect(left).toContain(older[0])
    const kept = left.filter((name) => older.slice(1).includes(name))
    expect(kept).toEqual(older.slice(-(KEPT_REPORTS - 1)))
    expect(statSync(made.path).isFile()).toBe(true)
  })

  it('says where it could not be written', () => {
    const file = createReportFile(profile, 'restore', 0)
    file.close()
    expect(() => createReportFile(file.path, 'restore', 0)).toThrow(
      expect.objectContaining({
        code: 'store.failed',
        context: { errno: 'ENOTDIR', place: join(file.path, 'reports') },
      }) as Error,
    )
  })
})

describe('a table', () => {
  it('lines up what takes more room on a terminal', () => {
    expect(
      tableLines(
        [
          ['ID', 'Name', 'x'],
          ['1', '名前', ''],
          ['22', 'a\nb', 'y'],
        ],
        displayWidth,
      ),
    ).toEqual(['ID  Name  x', '1   名前', '22  a b   y'])
  })
})
