import { GraphError } from '../../http/errors.ts'
import { emptyReply, type Reply } from '../../http/exchange.ts'
import { isObject } from '../../routes/request-json.ts'
import { pageOf, type NotesCall } from './calls.ts'
import { onePart, partsOf, type Part } from './multipart.ts'
import { asFragment } from './page-html.ts'
import { filesOf } from './pages.ts'
import type { Element, Node } from './xhtml.ts'

interface Change {
  readonly target: string
  readonly action: string
  readonly position: string
  readonly content: string
}

/** PATCH onenote/pages/{page}/content; all changes or none. Source: https://learn.microsoft.com/graph/onenote-update-page */
export function updatePage(call: NotesCall): Reply {
  const page = pageOf(call)
  const parts = partsOf(call.request, 'Commands')
  const changes = changesIn(onePart(parts, 'Commands', '20124', '20124'))
  let { title, body } = page
  for (const change of changes) {
    if (change.target === 'title') title = newTitle(change)
    else {
      const add = asFragment(change.content, filesOf(parts), (type, bytes) => call.notes.addResource(type, bytes))
      body = appended(body, change, add)
    }
  }
  page.title = title
  page.body = body
  call.notes.touch(page)
  return emptyReply(204)
}

function changesIn(part: Part): readonly Change[] {
  if (!/^application\/json\b/i.test(part.type)) throw new GraphError(400, '20131', 'Invalid Content-Type.')
  let value: unknown
  try {
    value = JSON.parse(part.bytes.toString('utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new GraphError(400, '20020', 'Encountered malformed Json in request body.')
  }
  if (!Array.isArray(value))
    throw new GraphError(400, '20109', 'The payload in the PATCH request is not constructed correctly.')
  if (value.length === 0) throw new GraphError(400, '20125', 'Your PATCH request contains no actions.')
  return value.map(changeOf)
}

function changeOf(value: unknown): Change {
  if (!isObject(value))
    throw new GraphError(400, '20109', 'The payload in the PATCH request is not constructed correctly.')
  const { target, action, position = 'after', content } = value
  if (
    typeof target !== 'string' ||
    typeof action !== 'string' ||
    typeof content !== 'string' ||
    typeof position !== 'string'
  ) {
    throw new GraphError(400, '20121', 'Your request contains an invalid PATCH argument.')
  }
  return { target, action, position, content }
}

function newTitle({ action, content }: Change): string {
  if (action !== 'replace') throw new GraphError(400, '20141', 'The title only supports replace.')
  return content
}

const containers = new Set(['div', 'ol', 'ul'])

/** Only `append` is simulated, to the first div or to an element with a data-id. */
function appended(
  body: readonly Node[],
  { target, action, position, content }: Change,
  add: readonly Node[],
): readonly Node[] {
  if (content === '') throw new GraphError(400, '20121', 'Your request contains an invalid PATCH argument.')
  if (action !== 'append') throw new GraphError(400, '20122', `The action '${action}' is not supported.`)
  const wanted = target === 'body' ? firstDiv(body) : byDataId(body, target)
  if (!containers.has(wanted.name)) throw new GraphError(400, '20138', 'The target does not support the append action.')
  return replace(body, wanted, position === 'before' ? [...add, ...wanted.children] : [...wanted.children, ...add])
}

function firstDiv(body: readonly Node[]): Element {
  const div = body.find((node): node is Element => typeof node !== 'string' && node.name === 'div')
  if (div === undefined) throw new GraphError(400, '20149', 'The page has no div.')
  return div
}

function byDataId(body: readonly Node[], target: string): Element {
  if (!target.startsWith('#')) throw new GraphError(400, '20134', 'Prefix a data-id with #.')
  const found = search(body, target.slice(1))
  if (found === undefined) throw new GraphError(400, '20120', "The PATCH target can't be located.")
  return found
}

function search(nodes: readonly Node[], id: string): Element | undefined {
  for (const node of nodes) {
    if (typeof node === 'string') continue
    if (node.attributes.get('data-id') === id) return node
    const below = search(node.children, id)
    if (below !== undefined) return below
  }
  return undefined
}

function replace(nodes: readonly Node[], wanted: Element, children: readonly Node[]): readonly Node[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return node
    return node === wanted ? { ...node, children } : { ...node, children: replace(node.children, wanted, children) }
  })
}
