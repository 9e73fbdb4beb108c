import { badRequest, GraphError } from '../../http/errors.ts'
import { resourceScheme } from './page-html.ts'
import type { StoredGroup, StoredNotebook, StoredPage, StoredSection } from './state.ts'
import { writeXhtml } from './xhtml.ts'

export type Json = Readonly<Record<string, unknown>>

/** Where the notebooks are: `https://graph.microsoft.com/v1.0/users/<id>/onenote`, or below groups. */
export interface Base {
  readonly url: string
  readonly collection: 'users' | 'groups'
  /** Id of the user or the group. */
  readonly user: string
}

const person = (user: string): Json => ({ user: { id: user, displayName: null } })

function links(kind: string, id: string): Json {
  const href = `https://contoso-my.sharepoint.com/personal/notebooks/${kind}/${encodeURIComponent(id)}`
  return { oneNoteClientUrl: { href: `onenote:${href}` }, oneNoteWebUrl: { href } }
}

function hierarchy(entity: StoredNotebook | StoredGroup | StoredSection, base: Base, collection: string): Json {
  return {
    id: entity.id,
    self: `${base.url}/${collection}/${entity.id}`,
    createdDateTime: entity.createdDateTime,
    displayName: entity.displayName,
    createdBy: person(base.user),
    lastModifiedBy: person(base.user),
    lastModifiedDateTime: entity.lastModifiedDateTime,
  }
}

export function renderNotebook(notebook: StoredNotebook, base: Base): Json {
  const self = `${base.url}/notebooks/${notebook.id}`
  return {
    ...hierarchy(notebook, base, 'notebooks'),
    isDefault: notebook.isDefault,
    userRole: 'Owner',
    isShared: false,
    sectionsUrl: `${self}/sections`,
    sectionGroupsUrl: `${self}/sectionGroups`,
    links: links('notebook', notebook.id),
  }
}

export function renderGroup(group: StoredGroup, base: Base): Json {
  const self = `${base.url}/sectionGroups/${group.id}`
  return {
    ...hierarchy(group, base, 'sectionGroups'),
    sectionsUrl: `${self}/sections`,
    sectionGroupsUrl: `${self}/sectionGroups`,
  }
}

export function renderSection(section: StoredSection, base: Base): Json {
  return {
    ...hierarchy(section, base, 'sections'),
    isDefault: false,
    pagesUrl: `${base.url}/sections/${section.id}/pages`,
    links: links('section', section.id),
  }
}

/** As the parent of something, which is expanded unless the request says otherwise. */
export function renderParent(entity: StoredNotebook | StoredGroup | StoredSection, base: Base): Json {
  const { id, displayName } = entity
  return { id, displayName, self: `${base.url}/${entity.kind}s/${id}` }
}

export function renderPage(page: StoredPage, base: Base, levels: boolean): Json {
  return {
    id: page.id,
    self: `${base.url}/pages/${page.id}`,
    createdDateTime: page.createdDateTime,
    title: decoded(page.title),
    createdByAppId: '',
    contentUrl: `${base.url}/pages/${page.id}/content`,
    lastModifiedDateTime: page.lastModifiedDateTime,
    links: links('page', page.id),
    userTags: [],
    ...(levels ? { level: page.level, order: page.section.pages.indexOf(page) } : {}),
  }
}

/** Titles are kept as HTML writes them. */
function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

const marked = new Set(['div', 'p', 'img', 'object', 'ol', 'ul', 'li', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/** Output HTML; with `ids` every element that can be updated has a generated one. */
export function renderHtml(page: StoredPage, base: Base, ids: boolean): string {
  const created = page.createdDateTime.replace(/Z$/, '.0000000')
  let html = writeXhtml(page.body).replaceAll(
    new RegExp(`"${resourceScheme}([^"]+)"`, 'g'),
    (_whole, id: string) => `"${base.url}/resources/${id}/$value"`,
  )
  if (ids) {
    let count = 10
    html = html.replace(/<([a-z0-9]+)(?=[ >])/g, (tag, name: string) =>
      marked.has(name) ? `${tag} id="${name}:{${page.id.slice(2, 34)}}{${String(count++)}}"` : tag,
    )
  }
  return (
    `<html lang="en-US">\n\t<head>\n\t\t<title>${page.title}</title>\n` +
    `\t\t<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n` +
    `\t\t<meta name="created" content="${created}" />\n\t</head>\n` +
    `\t<body data-absolute-enabled="true" style="font-family:Calibri;font-size:11pt">\n\t\t${html}\n\t</body>\n</html>\n`
  )
}

/** Only the selected properties. Names are case-sensitive in OneNote. */
export function selected(entity: Json, select: string | undefined): Json {
  if (select === undefined) return entity
  const names = select.split(',').map((name) => name.trim())
  for (const name of names) {
    if (!Object.hasOwn(entity, name))
      throw new GraphError(400, '20145', `The select expression has an invalid term '${name}'.`)
  }
  return Object.fromEntries(names.map((name) => [name, entity[name]]))
}

/** The property to sort by, and whether backwards. */
export function orderOf(text: string | undefined, names: readonly string[], usual: string): readonly [string, boolean] {
  const [name = '', direction = 'asc'] = (text ?? usual).trim().split(/\s+/)
  if (!names.includes(name) || !/^(asc|desc)$/.test(direction)) throw badRequest(`Cannot sort by '${name}'.`, '20143')
  return [name, direction === 'desc']
}
