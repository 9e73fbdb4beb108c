import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'
import { groupDirectory } from '../groups/state.ts'
import { asOutput, type PageBody } from './page-html.ts'

export interface StoredResource {
  readonly id: string
  readonly type: string
  readonly bytes: Buffer
}

interface Named {
  readonly id: string
  displayName: string
  readonly createdDateTime: string
  lastModifiedDateTime: string
}

export interface StoredNotebook extends Named {
  readonly kind: 'notebook'
  readonly isDefault: boolean
  readonly groups: StoredGroup[]
  readonly sections: StoredSection[]
}

export interface StoredGroup extends Named {
  readonly kind: 'sectionGroup'
  readonly parent: StoredNotebook | StoredGroup
  readonly groups: StoredGroup[]
  readonly sections: StoredSection[]
}

export interface StoredSection extends Named {
  readonly kind: 'section'
  readonly parent: StoredNotebook | StoredGroup
  /** In their order. */
  readonly pages: StoredPage[]
}

export interface StoredPage {
  readonly id: string
  title: string
  readonly createdDateTime: string
  lastModifiedDateTime: string
  level: number
  section: StoredSection
  body: PageBody
}

/** A page as tests write it: input HTML of the body, with `name:` references to the files. */
export interface NewPage {
  readonly title: string
  readonly body: string
  readonly files?: Readonly<Record<string, { readonly type: string; readonly bytes: Buffer | string }>>
  readonly level?: number
  readonly createdDateTime?: string
  /** The body's boxes have places of their own. */
  readonly free?: boolean
}

/** The notebooks of one user. */
export class UserNotes {
  readonly notebooks: StoredNotebook[] = []
  readonly pages = new Map<string, StoredPage>()
  readonly resources = new Map<string, StoredResource>()
  readonly #user: string
  readonly #now: () => number
  #count = 0
  #edits = 0

  constructor(user: string, now: () => number) {
    this.#user = user
    this.#now = now
  }

  addNotebook(displayName: string, isDefault = false): StoredNotebook {
    const notebook: StoredNotebook = {
      kind: 'notebook',
      ...this.#named(displayName),
      isDefault,
      groups: [],
      sections: [],
    }
    this.notebooks.push(notebook)
    return notebook
  }

  addGroup(parent: StoredNotebook | StoredGroup, displayName: string): StoredGroup {
    const group: StoredGroup = { kind: 'sectionGroup', ...this.#named(displayName), parent, groups: [], sections: [] }
    parent.groups.push(group)
    return group
  }

  addSection(parent: StoredNotebook | StoredGroup, displayName: string): StoredSection {
    const section: StoredSection = { kind: 'section', ...this.#named(displayName), parent, pages: [] }
    parent.sections.push(section)
    return section
  }

  /** Adds a page as somebody writes it in OneNote. */
  addPage(section: StoredSection, page: NewPage): StoredPage {
    return this.putPage(section, escaped(page.title), this.#body(page), page.createdDateTime, page.level)
  }

  putPage(section: StoredSection, title: string, body: PageBody, created?: string, level = 0): StoredPage {
    const now = this.stamp()
    const id = `1-${guidFrom(`page ${this.#user} ${String(this.#count++)}`).replaceAll('-', '')}!${section.id}`
    const times = {
      createdDateTime: created === undefined ? now : seconds(Date.parse(created)),
      lastModifiedDateTime: now,
    }
    const page: StoredPage = { id, title, ...times, level, section, body }
    section.pages.push(page)
    this.pages.set(id, page)
    return page
  }

  addResource(type: string, bytes: Buffer): string {
    const id = `1-${guidFrom(`resource ${this.#user} ${String(this.#count++)}`).replaceAll('-', '')}!1-${guidFrom(this.#user)}`
    this.resources.set(id, { id, type, bytes })
    return id
  }

  /** Somebody writes another text on the page. */
  editPage(page: StoredPage, change: Omit<NewPage, 'level' | 'createdDateTime'>): void {
    page.body = this.#body(change)
    page.title = escaped(change.title)
    this.touch(page)
  }

  /** Another time of change, even within the same second. */
  touch(page: StoredPage): void {
    this.#edits++
    page.lastModifiedDateTime = this.stamp()
  }

  deletePage(page: StoredPage): void {
    page.section.pages.splice(page.section.pages.indexOf(page), 1)
    this.pages.delete(page.id)
  }

  sections(): readonly StoredSection[] {
    return this.notebooks.flatMap((notebook) => [...sectionsBelow(notebook)])
  }

  groups(): readonly StoredGroup[] {
    return this.notebooks.flatMap((notebook) => [...groupsBelow(notebook)])
  }

  /** OneNote's times are full seconds. */
  stamp(): string {
    return seconds(this.#now() + this.#edits * 1000)
  }

  #body({ body, files = {}, free = false }: Pick<NewPage, 'body' | 'files' | 'free'>): PageBody {
    const parts = new Map(Object.entries(files).map(([name, file]) => [name, asFile(file)]))
    const attribute = free ? ' data-absolute-enabled="true"' : ''
    const html = `<html><head><title></title></head><body${attribute}>${body}</body></html>`
    return asOutput(html, parts, (type, bytes) => this.addResource(type, bytes)).body
  }

  #named(displayName: string): Named {
    const now = this.stamp()
    const id = `1-${guidFrom(`notes ${this.#user} ${String(this.#count++)}`)}`
    return { id, displayName, createdDateTime: now, lastModifiedDateTime: now }
  }
}

function seconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function* sectionsBelow(parent: StoredNotebook | StoredGroup): Generator<StoredSection> {
  yield* parent.sections
  for (const group of parent.groups) yield* sectionsBelow(group)
}

function* groupsBelow(parent: StoredNotebook | StoredGroup): Generator<StoredGroup> {
  for (const group of parent.groups) {
    yield group
    yield* groupsBelow(group)
  }
}

function asFile({ type, bytes }: { readonly type: string; readonly bytes: Buffer | string }): {
  readonly type: string
  readonly bytes: Buffer
} {
  return { type, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }
}

/** All notebooks of a tenant, and how OneNote behaves. Users and groups by id. */
export class TenantNotes {
  /** Since 2025-03-31 OneNote refuses tokens of an application on its own. */
  appOnly: 'refuse' | 'allow' = 'refuse'
  /** Pages that a section takes. */
  pagesPerSection = 1_000_000
  /** So many of the pages created next lose their titles, as in a section that is not ready yet. */
  dropTitles = 0
  /** Users without OneDrive, by id. */
  readonly withoutDrive = new Set<string>()
  readonly #tenant: TenantState
  readonly #clock: SimulatorClock
  readonly #users = new Map<string, UserNotes>()

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.#tenant = tenant
    this.#clock = clock
  }

  of(user: string): UserNotes {
    const id = this.#tenant.findUser(user)?.id ?? groupDirectory(this.#tenant).get(user)?.id
    if (id === undefined) throw new Error(`No user ${user}`)
    const notes = this.#users.get(id) ?? new UserNotes(id, () => this.#clock.now())
    this.#users.set(id, notes)
    return notes
  }
}

const make = (tenant: TenantState, clock: SimulatorClock): TenantNotes => new TenantNotes(tenant, clock)

/** The notebooks of a tenant. */
export function tenantNotes(tenant: TenantState): TenantNotes {
  return tenant.service(make)
}
