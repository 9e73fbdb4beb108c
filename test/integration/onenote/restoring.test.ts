import { describe, expect, it } from 'vitest'
import type { DataTypeReader, Root } from '../../../src-main/engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../../../src-main/engine/ports/restore-target.ts'
import { onenoteReader } from '../../../src-main/graph/onenote/reader.ts'
import { onenoteRestorer } from '../../../src-main/graph/onenote/restorer.ts'
import { remarkText } from '../../../src-shared/text/restore-remarks.ts'
import { readHeld, restoreHeld, type HeldType } from '../../support/adapter-round.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { comparablePages as comparable } from './comparable-pages.ts'
import { fillNotes, startNotes, type NotesWorld } from './notes-fixture.ts'

const clock = impatientClock(10_000)

async function read(world: NotesWorld, before?: HeldType): Promise<HeldType> {
  return await readHeld(onenoteReader(world.client), world.root, before)
}

describe('restoring notebooks', () => {
  it('gives another tenant the same notebooks, and a second restore creates nothing', async () => {
    const source = await startNotes('ada')
    fillNotes(source.notes)
    const held = await read(source)
    const target = await startNotes('grace')
    const restorer = onenoteRestorer(target.client, clock)
    const outcomes = await restoreHeld(restorer, onenoteReader(source.client), held, target.root, { targetFolder: '/' })
    expect(new Set([...outcomes.values()].map(({ kind }) => kind))).toEqual(new Set(['created']))
    const back = await read(target)
    expect(comparable(back)).toEqual(comparable(held))
    expect(back.containers.map(({ name }) => name).sort()).toEqual(held.containers.map(({ name }) => name).sort())
    target.simulator.log.clear()
    const again = await restoreHeld(
      onenoteRestorer(target.client, clock),
      onenoteReader(source.client),
      held,
      target.root,
      { targetFolder: '/' },
    )
    expect(new Set([...again.values()].map(({ kind }) => kind))).toEqual(new Set(['duplicate']))
    expect(target.simulator.log.entries({ method: 'POST', path: '/onenote/' })).toEqual([])
  })

  it('restores the second, incremental reading as well', async () => {
    const source = await startNotes('ada')
    fillNotes(source.notes)
    const first = await read(source)
    const [page] = source.notes.pages.values()
    if (page === undefined) throw new Error('no page')
    source.notes.editPage(page, { title: 'Shopping list', body: '<p>only milk</p>' })
    const held = await read(source, first)
    const target = await startNotes('grace')
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), held, target.root, {
      targetFolder: '/',
    })
    expect(comparable(await read(target))).toEqual(comparable(held))
  })

  it('puts everything into one notebook, notebooks becoming section groups', async () => {
    const source = await startNotes('ada')
    fillNotes(source.notes)
    const held = await read(source)
    const target = await startNotes('grace')
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), held, target.root)
    const back = await read(target)
    const tops = back.containers.filter(({ parentId }) => parentId === undefined)
    expect(tops.map(({ name }) => name)).toEqual(['Restored'])
    const below = back.containers.filter(({ parentId }) => parentId === tops[0]?.id)
    expect(below.map(({ name, properties }) => [name, properties['o365:Type']])).toEqual([
      ['Home _ garden', 'sectionGroup'],
      ['Work', 'sectionGroup'],
    ])
    expect(back.items).toHaveLength(held.items.length)
  })

  it('puts the default notebook into the default notebook, whatever its name', async () => {
    const source = await startNotes('ada')
    fillNotes(source.notes)
    const held = await read(source)
    const target = await startNotes('grace')
    target.notes.addNotebook('Grace @ home', true)
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), held, target.root, {
      targetFolder: '/',
    })
    expect(target.notes.notebooks.map(({ displayName }) => displayName).sort()).toEqual([
      'Grace @ home',
      'Home & garden',
    ])
  })

  it('only looks in a dry run', async () => {
    const source = await startNotes('ada')
    fillNotes(source.notes)
    const held = await read(source)
    const options = { targetFolder: '/', dryRun: true }
    const same = await restoreHeld(
      onenoteRestorer(source.client, clock),
      onenoteReader(source.client),
      held,
      source.root,
      options,
    )
    expect(new Set([...same.values()].map(({ kind }) => kind))).toEqual(new Set(['duplicate']))
    const target = await startNotes('grace')
    const outcomes = await restoreHeld(
      onenoteRestorer(target.client, clock),
      onenoteReader(source.client),
      held,
      target.root,
      options,
    )
    expect([...outcomes.values()].every((outcome) => outcome.kind === 'created' && outcome.id === '')).toBe(true)
    expect(target.notes.notebooks).toEqual([])
  })

  it('says what OneNote does not take back', async () => {
    const source = await startNotes('ada')
    const section = source.notes.addSection(source.notes.addNotebook('N'), 'S')
    const page = source.notes.addPage(section, { title: 'below', level: 1, body: '<p>x</p>' })
    source.notes.addPage(section, {
      title: 'large',
      body: '<object data="name:f" data-attachment="a.bin" type="application/zip" />',
      files: { f: { type: 'application/zip', bytes: Buffer.alloc(4_000_000) } },
    })
    const held = await read(source)
    const target = await startNotes('grace')
    const outcomes = await restoreHeld(
      onenoteRestorer(target.client, clock),
      onenoteReader(source.client),
      held,
      target.root,
    )
    expect(outcomes.get(page.id)).toMatchObject({ remarks: [{ code: 'page-level-lost' }] })
    const codes = [...outcomes.values()].flatMap((outcome) =>
      outcome.kind === 'created' ? (outcome.remarks ?? []) : [],
    )
    expect(codes).toContainEqual({ code: 'page-file-too-large' })
    expect([...target.notes.pages.values()].map((one) => JSON.stringify(one.body)).join()).toContain('[a.bin]')
    for (const { code } of codes) expect(remarkText(code)).not.toContain(code)
  })
})

describe('restoring notebooks with faults', () => {
  const gallery = (target: NotesWorld) =>
    [...target.notes.pages.values()].filter(({ title }) => title.startsWith('Gallery'))

  async function held() {
    const source = await startNotes('ada')
    fillNotes(source.notes)
    return { source, stored: await read(source) }
  }

  it('completes a page that a kill between its requests left behind', async () => {
    const { source, stored } = await held()
    const target = await startNotes('grace')
    const stop = new AbortController()
    target.simulator.faults.add({ kind: 'stall', match: { method: 'PATCH' }, skip: 1, count: 1 })
    const restorer = onenoteRestorer(target.client, clock)
    const running = restoreHeldUntil(restorer, onenoteReader(source.client), stored, target.root, stop.signal)
    while (target.simulator.faults.applied.length === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(gallery(target).map(({ title }) => title)).toEqual(['Gallery (restore not finished)'])
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), stored, target.root, {
      targetFolder: '/',
    })
    expect(comparable(await read(target))).toEqual(comparable(stored))
  })

  it('makes no second page, section or notebook when an answer gets lost', async () => {
    const { source, stored } = await held()
    const target = await startNotes('grace')
    target.simulator.faults.add({ kind: 'reset-after', match: { method: 'POST', path: '/notebooks$' }, count: 1 })
    target.simulator.faults.add({ kind: 'reset-after', match: { method: 'POST', path: '/sections$' }, count: 1 })
    target.simulator.faults.add({ kind: 'reset-after', match: { method: 'POST', path: '/pages$' }, count: 2 })
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), stored, target.root, {
      targetFolder: '/',
    })
    expect(comparable(await read(target))).toEqual(comparable(stored))
  })

  it('begins a page anew when it is not known whether something was appended', async () => {
    const { source, stored } = await held()
    const target = await startNotes('grace')
    target.simulator.faults.add({ kind: 'reset-after', match: { method: 'PATCH' }, count: 1 })
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), stored, target.root, {
      targetFolder: '/',
    })
    expect(comparable(await read(target))).toEqual(comparable(stored))
  })

  it('waits for a page that cannot be found yet, and mends a title that was dropped', async () => {
    const { source, stored } = await held()
    const target = await startNotes('grace')
    target.all.dropTitles = 2
    target.simulator.faults.add({ kind: 'status', status: 404, code: '20102', match: { method: 'PATCH' }, count: 2 })
    await restoreHeld(onenoteRestorer(target.client, clock), onenoteReader(source.client), stored, target.root, {
      targetFolder: '/',
    })
    expect(comparable(await read(target))).toEqual(comparable(stored))
  })

  it('fails the pages of a full section alone', async () => {
    const { source, stored } = await held()
    const target = await startNotes('grace')
    target.all.pagesPerSection = 1
    const outcomes = await restoreHeld(
      onenoteRestorer(target.client, clock),
      onenoteReader(source.client),
      stored,
      target.root,
      { targetFolder: '/' },
    )
    const failed = [...outcomes.values()].filter(({ kind }) => kind === 'failed')
    expect(failed).toHaveLength(3)
    expect(failed[0]).toMatchObject({ detail: 'OneNote section is full' })
  })

  it('waits out being throttled without a Retry-After', async () => {
    const { source, stored } = await held()
    const target = await startNotes('grace')
    target.simulator.faults.add({
      kind: 'status',
      status: 429,
      code: '20166',
      match: { path: '/onenote/' },
      skip: 3,
      count: 4,
    })
    const outcomes = await restoreHeld(
      onenoteRestorer(target.client, clock),
      onenoteReader(source.client),
      stored,
      target.root,
      { targetFolder: '/' },
    )
    expect(new Set([...outcomes.values()].map(({ kind }) => kind))).toEqual(new Set(['created']))
  })
})

/** One restore with a signal of its own. */
async function restoreHeldUntil(
  restorer: DataTypeRestorer,
  reader: DataTypeReader,
  stored: HeldType,
  root: Root,
  signal: AbortSignal,
): Promise<void> {
  const bound: DataTypeRestorer = {
    ...restorer,
    begin: (target, options) => restorer.begin(target, options, signal),
    container: (parent, container) => restorer.container(parent, container, signal),
    item: (container, item) => restorer.item(container, item, signal),
  }
  await restoreHeld(bound, reader, stored, root, { targetFolder: '/' })
}
