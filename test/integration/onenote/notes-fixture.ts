import { afterEach } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import {
  tenantNotes,
  type StoredSection,
  type TenantNotes,
  type UserNotes,
} from '../../support/graph-simulator/services/onenote/state.ts'
import { impatientClock } from '../../support/impatient-clock.ts'

export const signal = new AbortController().signal

/** A tenant with one user, whose notebooks may be read as with a user's own sign-in. */
export interface NotesWorld {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  readonly all: TenantNotes
  readonly notes: UserNotes
  readonly root: Root
  /** Requests to OneNote since the last call. */
  requests(): number
}

const running: NotesWorld[] = []

afterEach(async () => {
  for (const { client, simulator } of running.splice(0)) {
    await client.close()
    await simulator.close()
  }
})

export async function startNotes(name: string): Promise<NotesWorld> {
  const userPrincipalName = `${name}@${name}.example`
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: [{ userPrincipalName }] } })
  const client = await sceneClient(simulator, {
    clock: impatientClock(10_000),
    limits: { pools: { onenote: { concurrency: 2, budgets: [] } } },
  })
  const all = tenantNotes(simulator.tenant)
  all.appOnly = 'allow'
  const id = simulator.tenant.users()[0]?.id ?? ''
  const world: NotesWorld = {
    simulator,
    client,
    all,
    notes: all.of(userPrincipalName),
    root: { kind: 'user', id, name: userPrincipalName },
    requests: () => {
      const count = simulator.log.entries({ path: '/onenote/' }).length
      simulator.log.clear()
      return count
    },
  }
  running.push(world)
  return world
}

export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Notebooks with every feature that comes back. */
export function fillNotes(notes: UserNotes): void {
  const work = notes.addNotebook('Work', true)
  const home = notes.addNotebook('Home & garden')
  const plans = notes.addSection(work, 'Plans')
  const group = notes.addGroup(work, 'Projects')
  const inner = notes.addGroup(group, 'Older')
  notes.addPage(notes.addSection(home, 'Beds'), {
    title: 'Roses',
    body: '<p>in May</p>',
    createdDateTime: '2023-05-01T00:00:00Z',
  })
  notes.addPage(plans, {
    title: 'Shopping & more',
    createdDateTime: '2023-01-02T08:00:00.000Z',
    body:
      '<h1>List</h1><p>Milk <b>and</b> <i>bread</i> &amp; "butter"</p><ol><li>one</li><li data-tag="to-do">two</li></ol>' +
      '<p><img src="name:photo" alt="a receipt" width="300" /></p>' +
      '<object data="name:bill" data-attachment="bill 1.pdf" type="application/pdf" />',
    files: {
      photo: { type: 'image/png', bytes: pixel },
      bill: { type: 'application/pdf', bytes: 'a bill' },
    },
  })
  notes.addPage(plans, { title: '', createdDateTime: '2023-01-03T08:00:00.000Z', body: '<p>no title</p>' })
  const free = notes.addSection(group, 'Free')
  notes.addPage(free, {
    title: 'Anywhere <b>',
    createdDateTime: '2023-02-01T00:00:00Z',
    free: true,
    body:
      '<div style="position:absolute;left:48px;top:120px;width:600px" data-id="first"><p>left</p></div>' +
      '<div style="position:absolute;left:700px;top:120px;width:200px"><p>right über</p></div>' +
      '<img src="name:a" style="position:absolute;left:10px;top:900px" width="20" />',
    files: { a: { type: 'image/gif', bytes: 'GIF89a' } },
  })
  notes.addPage(notes.addSection(inner, 'Deep'), {
    title: 'Twin',
    createdDateTime: '2023-03-01T10:00:00.000Z',
    body: '<table><tr><td>1</td><td>2</td></tr></table>',
  })
  addTwin(notes)
  addGallery(notes, plans)
}

/** A second page of the same title and time. */
function addTwin(notes: UserNotes): void {
  const section = notes.sections().find(({ displayName }) => displayName === 'Deep')
  if (section === undefined) throw new Error('No section Deep')
  notes.addPage(section, { title: 'Twin', createdDateTime: '2023-03-01T10:00:00Z', body: '<p>the other</p>' })
}

/** A page with more pictures than a request takes. */
function addGallery(notes: UserNotes, plans: StoredSection): void {
  const many = Array.from({ length: 12 }, (_, index) => index)
  notes.addPage(plans, {
    title: 'Gallery',
    createdDateTime: '2023-04-01T10:00:00Z',
    body: many.map((index) => `<p>picture ${String(index)}</p><img src="name:p${String(index)}" width="1" />`).join(''),
    files: Object.fromEntries(
      many.map((index) => [`p${String(index)}`, { type: 'image/png', bytes: `PNG ${String(index)}` }]),
    ),
  })
}
