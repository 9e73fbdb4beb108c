import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { operationResult, type Operation } from '../../../src-shared/ipc/contract/operations.ts'
import { OptionValues } from '../../../src-main/commands/parts/option-values.ts'
import type { HostSession, OperationWish, OperationWork } from '../../../src-main/engine-host/context.ts'
import { OperationTable } from '../../../src-main/engine-host/operations/operation-table.ts'
import type { OperationResult } from '../../../src-main/engine-host/operations/operation.ts'
import { createConnections } from '../../../src-main/commands/parts/connections.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'

const secret = 'hunter22-of-the-place'

describe('the table of operations', () => {
  let profile: string
  let table: OperationTable
  const told: Operation[][] = []
  const ended = new Map<string, (result: OperationResult) => void>()
  const wish: OperationWish = { kind: 'check', place: '/place', plan: null, dryRun: false }

  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), 'holdfast-operations-'))
    told.length = 0
    table = new OperationTable({
      profile,
      now: () => Date.now(),
      openSession: (_wish, output, progress, signal): HostSession => ({
        ...{ args: [], values: new OptionValues(new Map()), retryFor: 0, profile, output, progress, signal },
        ...{ secrets: new Set([secret]), connections: createConnections() },
        passphrase: () => Promise.resolve(secret),
        close: () => Promise.resolve(),
      }),
      onOperations: (operations) => told.push(operations),
      afterOperation: () => Promise.resolve(),
      onEnded: (result) => ended.get(result.id)?.(result),
    })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await table.close()
    rmSync(profile, { recursive: true, force: true })
  })

  const run = (
    work: (operation: OperationWork) => Promise<0 | 1 | 3>,
    more: Partial<OperationWish> = {},
  ): Promise<OperationResult> =>
    new Promise((resolve) => {
      const operation = table.begin({ ...wish, ...more }, work)
      ended.set(operation.id, (result) => resolve(operationResult.parse(result)))
    })

  it('takes figures, remarks and lines from what --json would print', async () => {
    const result = await run(({ session: { output } }) => {
      output.object({
        message_type: 'error',
        error: { message: 'It is gone.' },
        during: 'check',
        code: 'store.not-found',
        path: 'data/1',
      })
      output.warn(`the passphrase ${secret} is weak`)
      output.object({ message_type: 'summary', num_errors: 1, read_data: true, notices: [{ message: 'a notice' }] })
      return Promise.resolve(3)
    })
    expect(result).toMatchObject({
      outcome: 'incomplete',
      figures: { num_errors: 1, read_data: true },
      remarks: ['the passphrase *** is weak', 'a notice'],
      problem: null,
    })
    expect(JSON.parse(readFileSync(result.reportFile ?? '', 'utf8'))).toMatchObject({
      ...{ path: 'data/1', outcome: 'damaged', code: 'store.not-found', messages: ['It is gone.'] },
    })
  })

  it('sums the figures of several backups, and of anything else takes the last', async () => {
    const { figures } = await run(({ session: { output } }) => {
      for (const items of [2, 3])
        output.object({ message_type: 'summary', items_changed: items, snapshot_id: `s${String(items)}` })
      output.object({ message_type: 'summary', bytes_freed: 7 })
      output.object({ message_type: 'drill', num_bad: 1, types: { mail: { restored: 4, damaged: 1, bytes: 9 } } })
      return Promise.resolve(0)
    })
    expect(figures).toEqual({
      ...{ items_changed: 5, snapshot_id: 's3', bytes_freed: 7 },
      ...{ drill_samples: 5, drill_bytes: 9, drill_bad: 1 },
    })
  })

  it('tells progress at most ten times a second, and the newest', async () => {
    vi.useFakeTimers()
    const gate = Promise.withResolvers<undefined>()
    let operation: OperationWork | undefined
    const result = run((own) => {
      operation = own
      return gate.promise.then(() => 0 as const)
    })
    await vi.advanceTimersByTimeAsync(0)
    const before = told.length
    for (let ms = 0; ms < 1000; ms++) {
      operation?.session.progress.update(() => ({ current: 'users/ada', items: ms }))
      await vi.advanceTimersByTimeAsync(1)
    }
    await vi.advanceTimersByTimeAsync(200)
    expect(told.length - before).toBeGreaterThanOrEqual(9)
    expect(told.length - before).toBeLessThanOrEqual(11)
    expect(told.at(-1)?.[0]?.progress).toEqual({ current: 'users/ada', items: 999 })
    gate.resolve(undefined)
    await vi.runAllTimersAsync()
    await result
    expect(told.at(-1)).toEqual([])
  })

  it('lets one at a time do what has to be alone, and another place go on', async () => {
    const gate = Promise.withResolvers<0>()
    const first = run(() => gate.promise, { alone: '/place' })
    for (const alone of ['/place', '/place/', 'file:///place'])
      expect(() => table.begin({ ...wish, alone }, () => Promise.resolve(0))).toThrow(
        expect.objectContaining({ code: 'settings.busy' }) as Error,
      )
    expect(await run(() => Promise.resolve(0), { alone: '/other' })).toMatchObject({ outcome: 'done' })
    gate.resolve(0)
    await first
    expect(await run(() => Promise.resolve(0), { alone: '/place' })).toMatchObject({ outcome: 'done' })
  })

  it('stops an operation when it is told to, whatever that makes of its work', async () => {
    let id = ''
    const result = run((operation) => {
      id = operation.id
      return new Promise((_resolve, reject) => {
        operation.session.signal.addEventListener('abort', () => reject(new Error('the socket was closed')))
        queueMicrotask(() => table.stop(id))
      })
    })
    expect(await result).toMatchObject({ outcome: 'stopped', problem: { code: 'cancelled' } })
    expect(table.find(id)?.result().outcome).toBe('stopped')
  })

  it('says why an operation failed', async () => {
    const full = await run(() => Promise.reject(new EngineError('store.full', { context: { place: secret } })))
    expect(full).toMatchObject({ outcome: 'failed', problem: { code: 'store.full', params: { place: '***' } } })
    const odd = await run(() => Promise.reject(new TypeError('x')))
    expect(odd).toMatchObject({ outcome: 'failed', problem: { code: 'internal', params: {} } })
  })

  it('ends all when it is closed, and begins none any more', async () => {
    const result = run(
      ({ session: { signal } }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new EngineError('cancelled')))
        }),
    )
    await table.close()
    expect(await result).toMatchObject({ outcome: 'stopped' })
    await expect(table.start(wish, () => Promise.resolve(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})
