import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { ChangePage } from '../../../src-main/engine/ports/data-type.ts'
import { onenoteReader } from '../../../src-main/graph/onenote/reader.ts'
import { readHeld, type HeldItem, type HeldType } from '../../support/adapter-round.ts'
import { fillNotes, pixel, signal, startNotes, type NotesWorld } from './notes-fixture.ts'

function pageNamed(held: HeldType, title: string): HeldItem {
  const item = held.items.find(({ metadata }) => metadata['o365:Name'] === title)
  if (item === undefined) throw new Error(`no page ${title}`)
  return item
}

function stored(world: NotesWorld, title: string) {
  const page = [...world.notes.pages.values()].find((one) => one.title === title)
  if (page === undefined) throw new Error(`no page ${title}`)
  return page
}

describe('reading notebooks', () => {
  it('keeps notebooks, groups and sections in their order, and pages with their files', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const reader = onenoteReader(world.client)
    const held = await readHeld(reader, world.root)
    const kinds = held.containers.map(
      ({ name, properties }) => `${(properties as { 'o365:Type': string })['o365:Type']} ${name}`,
    )
    expect(kinds).toEqual([
      'notebook Home & garden',
      'section Beds',
      'notebook Work',
      'section Plans',
      'sectionGroup Projects',
      'section Free',
      'sectionGroup Older',
      'section Deep',
    ])
    expect(held.items).toHaveLength(7)
    const page = pageNamed(held, 'Shopping & more')
    expect([...page.parts.keys()]).toEqual(['image-1.png', 'bill 1.pdf'])
    expect(Buffer.from(page.parts.get('image-1.png') ?? [])).toEqual(pixel)
    expect(page.metadata.properties).toMatchObject({
      level: 0,
      order: 0,
      resources: [
        { name: 'image-1.png', kind: 'image', type: 'image/png' },
        { name: 'bill 1.pdf', kind: 'file', type: 'application/pdf' },
      ],
    })
    expect(reader.row(page.metadata, 5)).toMatchObject({ title: 'Shopping & more', hasAttachments: true, size: 5 })
    expect(await reader.searchText(page.metadata, page.content ?? new Uint8Array(0))).toContain(
      'Milk and bread & "butter"',
    )
  })

  it('costs one request for the notebooks and one for each section when nothing changed', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const reader = onenoteReader(world.client)
    const held = await readHeld(reader, world.root)
    world.requests()
    const again = await readHeld(reader, world.root, held)
    expect(world.requests()).toBe(1 + 4)
    expect(again.items).toEqual(held.items)
  })

  it('reads a changed page and its new files alone', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const reader = onenoteReader(world.client)
    const held = await readHeld(reader, world.root)
    world.notes.editPage(stored(world, 'Roses'), {
      title: 'Roses',
      body: '<p>in June</p><img src="name:rose" />',
      files: { rose: { type: 'image/jpeg', bytes: 'JPEG' } },
    })
    world.requests()
    const again = await readHeld(reader, world.root, held)
    expect(world.requests()).toBe(1 + 4 + 2)
    expect(Buffer.from(pageNamed(again, 'Roses').content ?? []).toString()).toContain('in June')
    expect([...pageNamed(again, 'Roses').parts.keys()]).toEqual(['image-1.jpg'])
  })

  it('notices a page that was moved or indented without reading it', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const reader = onenoteReader(world.client)
    const held = await readHeld(reader, world.root)
    stored(world, 'Gallery').level = 2
    world.requests()
    const again = await readHeld(reader, world.root, held)
    expect(world.requests()).toBe(1 + 4)
    const page = pageNamed(again, 'Gallery')
    expect((page.metadata.properties as JsonObject).level).toBe(2)
    expect(page.parts.size).toBe(12)
    expect(page.content).toEqual(pageNamed(held, 'Gallery').content)
  })

  it('drops deleted pages and follows moved ones', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const reader = onenoteReader(world.client)
    const held = await readHeld(reader, world.root)
    world.notes.deletePage(stored(world, 'Roses'))
    const again = await readHeld(reader, world.root, held)
    expect(again.items.map(({ metadata }) => metadata['o365:Name'])).not.toContain('Roses')
    expect(again.items).toHaveLength(held.items.length - 1)
  })

  it('lists large sections without a next link, and goes on after an interruption', async () => {
    const world = await startNotes('ada')
    const section = world.notes.addSection(world.notes.addNotebook('Big'), 'Section')
    for (let number = 0; number < 230; number++) {
      const createdDateTime = new Date(Date.UTC(2020, 0, 1) + number * 60_000).toISOString()
      world.notes.addPage(section, { title: `page ${String(number)}`, body: '<p>x</p>', createdDateTime })
    }
    const reader = onenoteReader(world.client)
    const { containers } = await reader.containers(world.root, undefined, signal)
    const container = containers.find(({ name }) => name === 'Section')
    if (container === undefined) throw new Error('no section')
    const pages: ChangePage[] = []
    for await (const page of reader.changes(world.root, container, {}, signal)) pages.push(page)
    const ids = pages.flatMap(({ changes }) => changes.map(({ id }) => id))
    expect(new Set(ids).size).toBe(230)
    expect(ids).toHaveLength(230)
    const rest: ChangePage[] = []
    const start = { next: pages[0]?.next }
    for await (const page of reader.changes(world.root, container, start, signal)) rest.push(page)
    expect(rest.flatMap(({ changes }) => changes)).toHaveLength(130)
  })

  it('begins a section anew when pages were deleted while it was listed', async () => {
    const world = await startNotes('ada')
    const section = world.notes.addSection(world.notes.addNotebook('Big'), 'Section')
    for (let number = 0; number < 150; number++) {
      const createdDateTime = new Date(Date.UTC(2020, 0, 1) + number * 60_000).toISOString()
      world.notes.addPage(section, { title: `page ${String(number)}`, body: '<p>x</p>', createdDateTime })
    }
    const reader = onenoteReader(world.client)
    const { containers } = await reader.containers(world.root, undefined, signal)
    const container = containers.find(({ name }) => name === 'Section')
    if (container === undefined) throw new Error('no section')
    const listing = reader.changes(world.root, container, {}, signal)[Symbol.asyncIterator]()
    await listing.next()
    for (const page of section.pages.slice(0, 10)) world.notes.deletePage(page)
    await expect(listing.next()).rejects.toSatisfy((error) => isEngineError(error, 'graph.cursor-lost'))
  })

  it('names a page that cannot be read and a file that cannot, and keeps their neighbours', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const bad = stored(world, 'Roses').id
    world.simulator.faults.add({
      kind: 'status',
      status: 404,
      code: '20102',
      match: { path: `${bad.slice(0, 20)}.*content` },
    })
    world.simulator.faults.add({ kind: 'status', status: 403, code: '40003', match: { path: '/resources/' }, count: 1 })
    const held = await readHeld(onenoteReader(world.client), world.root)
    expect([...held.unread.values()].map((error) => isEngineError(error) && error.code)).toEqual(['graph.not-found'])
    expect(held.items).toHaveLength(6)
    expect(held.items.flatMap(({ unreadParts }) => unreadParts)).toEqual(['graph.forbidden'])
  })

  it('reads a page alone as it is listed', async () => {
    const world = await startNotes('ada')
    fillNotes(world.notes)
    const reader = onenoteReader(world.client)
    const held = await readHeld(reader, world.root)
    const item = pageNamed(held, 'Twin')
    const alone = await reader.item(world.root, item.id, signal)
    expect(alone.container).toBe(item.container)
    expect(reader.identity(reader.metadata(alone.properties))).toEqual(reader.identity(item.metadata))
  })
})

describe('notebooks that cannot be read', () => {
  it('says that an application cannot read them on its own, and asks no more', async () => {
    const world = await startNotes('ada')
    world.all.appOnly = 'refuse'
    const reader = onenoteReader(world.client)
    const refused = { code: 'graph.not-for-app-only', retry: 'never' }
    await expect(reader.containers(world.root, undefined, signal)).rejects.toMatchObject(refused)
    world.requests()
    await expect(reader.containers(world.root, undefined, signal)).rejects.toMatchObject(refused)
    expect(world.requests()).toBe(0)
  })

  it('says that a user without OneDrive has none', async () => {
    const world = await startNotes('ada')
    world.all.withoutDrive.add(world.root.id)
    const listing = onenoteReader(world.client).containers(world.root, undefined, signal)
    await expect(listing).rejects.toMatchObject({ code: 'graph.no-drive' })
  })

  it('names the limits of OneNote in words', async () => {
    const world = await startNotes('ada')
    world.simulator.faults.add({ kind: 'status', status: 403, code: '10008', match: { path: '/onenote/notebooks' } })
    const listing = onenoteReader(world.client).containers(world.root, undefined, signal)
    await expect(listing).rejects.toMatchObject({
      context: { graphCode: 'more than 5,000 OneNote items in one library' },
    })
  })
})
