import type { Reply } from '../../http/exchange.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { withNotes, type NotesCall } from './calls.ts'
import {
  createGroup,
  createNotebook,
  createSection,
  getGroup,
  getNotebook,
  getSection,
  listGroups,
  listNotebooks,
  listSections,
} from './hierarchy.ts'
import { createPage, deletePage, getContent, getPage, getResource, listPages } from './pages.ts'
import { updatePage } from './update-page.ts'

type Handler = (call: NotesCall) => Reply

const route = (permission: string, run: Handler, content = false): ServiceRoute => ({
  permission,
  pool: 'onenote',
  content,
  run: (call) => run(withNotes(call)),
})

const read = (run: Handler, content = false): ServiceRoute => route('readNotes', run, content)
const write = (run: Handler): ServiceRoute => route('writeNotes', run)

/** The same for the notebooks of users and of groups. */
function routesBelow(notes: string): Record<string, ServiceRoute> {
  const notebook = `${notes}/notebooks/{notebook}`
  const group = `${notes}/sectionGroups/{sectionGroup}`
  const section = `${notes}/sections/{section}`
  const page = `${notes}/pages/{page}`
  const resource = `${notes}/resources/{resource}`
  return {
    [`GET ${notes}/notebooks`]: read(listNotebooks),
    [`POST ${notes}/notebooks`]: write(createNotebook),
    [`GET ${notebook}`]: read(getNotebook),
    [`GET ${notebook}/sections`]: read(listSections),
    [`POST ${notebook}/sections`]: write(createSection),
    [`GET ${notebook}/sectionGroups`]: read(listGroups),
    [`POST ${notebook}/sectionGroups`]: write(createGroup),
    [`GET ${notes}/sectionGroups`]: read(listGroups),
    [`GET ${group}`]: read(getGroup),
    [`GET ${group}/sections`]: read(listSections),
    [`POST ${group}/sections`]: write(createSection),
    [`GET ${group}/sectionGroups`]: read(listGroups),
    [`POST ${group}/sectionGroups`]: write(createGroup),
    [`GET ${notes}/sections`]: read(listSections),
    [`GET ${section}`]: read(getSection),
    [`GET ${section}/pages`]: read(listPages),
    [`POST ${section}/pages`]: write(createPage),
    [`GET ${notes}/pages`]: read(listPages),
    [`GET ${page}`]: read(getPage),
    [`DELETE ${page}`]: write(deletePage),
    [`GET ${page}/content`]: read(getContent, true),
    [`PATCH ${page}/content`]: write(updatePage),
    [`GET ${resource}/content`]: read(getResource, true),
    [`GET ${resource}/$value`]: read(getResource, true),
  }
}

/** OneNote. Source: https://learn.microsoft.com/graph/api/resources/onenote-api-overview */
export const onenoteService: Service = {
  collections: {
    notebooks: 'notebook',
    sectionGroups: 'sectionGroup',
    sections: 'section',
    pages: 'page',
    resources: 'resource',
  },
  operations: ['onenote', 'content'],
  permissions: {
    readNotes: ['Notes.Read.All', 'Notes.ReadWrite.All'],
    writeNotes: ['Notes.ReadWrite.All'],
  },
  granted: ['Notes.ReadWrite.All'],
  routes: {
    ...routesBelow('users/{user}/onenote'),
    ...routesBelow('groups/{group}/onenote'),
  },
}
