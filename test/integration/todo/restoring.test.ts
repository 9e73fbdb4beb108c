import { describe, expect, test } from 'vitest'
import type { ItemOutcome } from '../../../src-main/engine/ports/restore-target.ts'
import { todoReader } from '../../../src-main/graph/todo/reader.ts'
import { todoRestorer } from '../../../src-main/graph/todo/restorer.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'
import { ada, comparable, fillTodo, grace, todoOf } from './scenario.ts'

async function backedUp(): Promise<HeldType> {
  const source = await tenantWorld([ada])
  fillTodo(todoOf(source), ada)
  return readHeld(todoReader(source.client), source.root(ada))
}

function restore(
  world: TenantWorld,
  held: HeldType,
  more: Parameters<typeof restoreHeld>[4] = {},
): Promise<Map<string, ItemOutcome>> {
  const reader = todoReader(world.client)
  return restoreHeld(todoRestorer(world.client), reader, held, world.root(grace), { targetFolder: '/', ...more })
}

const reread = (world: TenantWorld): Promise<HeldType> => readHeld(todoReader(world.client), world.root(grace))

const writing = { method: ['POST', 'PUT', 'PATCH', 'DELETE'], path: /\/todo\// }

describe('restoring To Do', () => {
  test('stopped behind any of its requests, the next restore completes what is there', async () => {
    const held = await backedUp()
    const one = { ...held, items: held.items.slice(0, 1) }
    for (let sent = 0; sent < 12; sent++) {
      const target = await tenantWorld([grace])
      const { faults } = target.simulator
      faults.add({ kind: 'status', status: 500, match: writing, skip: sent })
      const outcomes = [...(await restore(target, one)).values()]
      expect(outcomes[0]?.kind).toBe(sent < 11 ? 'failed' : 'created')
      faults.clear()
      const again = [...(await restore(target, one)).values()]
      expect(again).toHaveLength(1)
      expect(again[0]).toMatchObject(
        sent === 0 ? { kind: 'created' } : sent < 11 ? { kind: 'duplicate', completed: true } : { kind: 'duplicate' },
      )
      expect(comparable(await reread(target))).toEqual(comparable(one))
      expect(kindsOf(await restore(target, one))).toEqual(['duplicate'])
    }
  }, 60_000)

  test.each(['reset-after', 'done-but-failed'] as const)(
    '%s on every write once: nothing is made twice',
    async (kind) => {
      const held = await backedUp()
      const target = await tenantWorld([grace])
      target.simulator.faults.add({ kind, match: writing, perPath: 1 })
      const outcomes = await restore(target, held)
      expect(kindsOf(outcomes)).toEqual(['created'])
      // Each address once: the lists, the tasks of two lists, steps, files, session, range, mark.
      expect(target.simulator.faults.appliedCount()).toBe(8)
      expect(comparable(await reread(target))).toEqual(comparable(held))
    },
  )

  test('a dry run looks and changes nothing', async () => {
    const held = await backedUp()
    const target = await tenantWorld([grace])
    todoOf(target).addTask(grace, 'Tasks', { title: 'Done' })
    const outcomes = await restore(target, held, { dryRun: true })
    expect([...outcomes.values()].filter(({ kind }) => kind === 'duplicate')).toHaveLength(1)
    expect([...outcomes.values()].filter(({ kind }) => kind === 'created')).toHaveLength(6)
    const writes = target.simulator.log.entries({ path: writing.path })
    expect(writes.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('told not to look, it creates everything again', async () => {
    const held = await backedUp()
    const target = await tenantWorld([grace])
    await restore(target, held)
    expect(kindsOf(await restore(target, held, { ignoreExisting: true }))).toEqual(['created'])
    expect((await reread(target)).items).toHaveLength(14)
  })

  test('what the service refuses is left out, with a remark', async () => {
    const held = await backedUp()
    const target = await tenantWorld([grace])
    const files = /\/attachments(\/createUploadSession)?$/
    target.simulator.faults.add({
      kind: 'status',
      status: 400,
      code: 'blocked',
      match: { method: 'POST', path: files },
    })
    const outcomes = await restore(target, held)
    expect(kindsOf(outcomes)).toEqual(['created'])
    const remarks = [...outcomes.values()].flatMap((outcome) => ('remarks' in outcome ? (outcome.remarks ?? []) : []))
    expect(remarks.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'attachment-refused'))
  })

  test('a file that was not stored is named in a remark', async () => {
    const held = await backedUp()
    const [move] = held.items
    if (move === undefined) throw new Error('no task')
    const without = { ...held, items: [{ ...move, parts: new Map([...move.parts].slice(1)) }] }
    const target = await tenantWorld([grace])
    const [outcome] = [...(await restore(target, without)).values()]
    expect(outcome).toMatchObject({ kind: 'created', remarks: [{ code: 'attachment-not-stored' }] })
  })

  test('a refused recurrence does not keep the task away', async () => {
    const held = await backedUp()
    const target = await tenantWorld([grace])
    const water = held.items.filter(({ metadata }) => metadata['o365:Name'] === 'Water plants')
    const properties = { ...(water[0]?.metadata.properties as object), dueDateTime: null }
    const changed = water.map((item) => ({ ...item, metadata: { ...item.metadata, properties } }))
    const outcomes = await restore(target, { ...held, items: changed })
    expect([...outcomes.values()]).toMatchObject([{ kind: 'created', remarks: [{ code: 'recurrence-left-out' }] }])
  })

  test('one task that fails leaves its neighbours alone', async () => {
    const held = await backedUp()
    const target = await tenantWorld([grace])
    target.simulator.faults.add({ kind: 'status', status: 403, match: { method: 'POST', path: /\/checklistItems/ } })
    const outcomes = await restore(target, held)
    expect([...outcomes.values()].map(({ kind }) => kind).sort()).toEqual([
      'created',
      'created',
      'created',
      'created',
      'created',
      'created',
      'failed',
    ])
  })

  test('the estimate of requests is what a restore takes', async () => {
    const held = await backedUp()
    const target = await tenantWorld([grace])
    const restorer = todoRestorer(target.client)
    const reader = todoReader(target.client)
    let estimate = 0
    const counting = {
      ...restorer,
      item: (...given: Parameters<typeof restorer.item>) => {
        estimate += restorer.requests(given[1])
        return restorer.item(...given)
      },
    }
    await restoreHeld(counting, reader, held, target.root(grace), { targetFolder: '/' })
    const writes = target.simulator.log.entries({ path: writing.path }).filter(({ method }) => method !== 'GET')
    // One list is made beside the tasks.
    expect(writes).toHaveLength(estimate + 1)
  })
})

function kindsOf(outcomes: ReadonlyMap<string, ItemOutcome>): readonly string[] {
  return [...new Set([...outcomes.values()].map(({ kind }) => kind))].sort()
}
