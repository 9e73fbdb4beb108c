import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { Pool } from '../client/limits.ts'
import type { GraphClient, GraphRequest } from '../client/types.ts'
import { notesFailure } from './notes-failure.ts'

/** The notebooks of one user, group or site, as the client addresses them. */
export interface Notes {
  readonly client: GraphClient
  /** The user, group or site. */
  readonly owner: string
  /** Below it everything is: "/users/<id>/onenote". */
  readonly path: string
  readonly pool: Pool
  readonly signal: AbortSignal
}

export function notesOf(client: GraphClient, root: Root, signal: AbortSignal): Notes {
  const owners = { user: 'users', group: 'groups', site: 'sites' }[root.kind]
  const path = `/${owners}${graphPath`/${root.id}/onenote`}`
  return { client, owner: root.id, path, pool: { kind: 'onenote', id: root.id }, signal }
}

/** Asks below the notebooks' path; rejects with errors that have OneNote's numbers in words. */
export async function askNotes<T>(notes: Notes, request: Omit<GraphRequest, 'pool' | 'signal'>): Promise<T> {
  return await inWords(() => notes.client.json<T>(addressed(notes, request)))
}

export async function notesBytes(notes: Notes, path: string): Promise<Uint8Array> {
  return await inWords(() => notes.client.bytes(addressed(notes, { path })))
}

/** A picture or file of a page, part by part. */
export async function resourceStream(notes: Notes, resource: string): Promise<AsyncIterable<Uint8Array>> {
  const path = graphPath`/resources/${resource}/content`
  return (await inWords(() => notes.client.stream(addressed(notes, { path })))).body
}

function addressed({ path, pool, signal }: Notes, request: Omit<GraphRequest, 'pool' | 'signal'>): GraphRequest {
  return { ...request, path: path + request.path, pool, signal }
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw notesFailure(error)
  }
}
