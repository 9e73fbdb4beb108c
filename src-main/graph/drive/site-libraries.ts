import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText } from '../item/fields.ts'
import { claimName, type NameClaims } from '../item/name-claims.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import type { FindLibrary, LibrarySource } from './restore-library.ts'
import { listLibraries, mainLibraryId } from './site-drives.ts'
import { cost, drivePool } from './target-requests.ts'

/** How often it is tried: with another name where a list that is no library has it. */
const attempts = 5

/** Graph id of the library that a restore to a site goes to, if nothing else is said. Rejects with restore.target-not-found. */
export function siteDriveId(client: GraphClient): (root: Root, signal: AbortSignal) => Promise<string> {
  return async (root, signal) => {
    const main = await mainLibraryId(client, root, signal)
    if (main !== undefined) return main
    const [first] = await listLibraries(client, root, signal)
    const id = filledText(first ?? {}, 'id')
    if (id === undefined) throw new EngineError('restore.target-not-found')
    return id
  }
}

/**
 * Finds the library of a site that has the name of one of the snapshot, and makes it if there is none. Two libraries of one
 * name stay two.
 * https://learn.microsoft.com/graph/api/list-create
 */
export function siteLibraries(client: GraphClient): FindLibrary {
  const claims: NameClaims = new Map()
  return async (root, library, dryRun, signal) => {
    const name = claimName(claims, root.id, library.name, library.id)
    const there = await findLibrary(client, root, name, signal)
    if (there !== undefined || dryRun) return there
    return await makeLibrary({ client, root, signal }, { ...library, name })
  }
}

async function findLibrary(
  client: GraphClient,
  root: Root,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const libraries = await listLibraries(client, root, signal)
  const found = libraries.find((library) => nameKey(filledText(library, 'name') ?? '') === nameKey(name))
  return filledText(found ?? {}, 'id')
}

interface Target {
  readonly client: GraphClient
  readonly root: Root
  readonly signal: AbortSignal
}

/** A list that is no library may have the name; and an answer that got lost may have made the library. */
async function makeLibrary(target: Target, library: LibrarySource): Promise<string> {
  let number = 1
  for (let attempt = 1; ; attempt += 1) {
    const name = number === 1 ? library.name : `${library.name} (${number})`
    try {
      return await postLibrary(target, { ...library, name })
    } catch (error) {
      const isConflict = isEngineError(error, 'graph.conflict')
      if (attempt === attempts || (!isConflict && !hasUnknownOutcome(error))) throw error
      const made = await findLibrary(target.client, target.root, name, target.signal)
      if (made !== undefined) return made
      if (isConflict) number += 1
    }
  }
}

async function postLibrary({ client, root, signal }: Target, { name, description }: LibrarySource): Promise<string> {
  const list = await client.json<JsonObject>({
    method: 'POST',
    path: graphPath`/sites/${root.id}/lists`,
    body: {
      displayName: name,
      ...(description === undefined ? {} : { description }),
      list: { template: 'documentLibrary' },
    },
    pool: drivePool,
    cost: cost.write,
    signal,
  })
  const path = graphPath`/sites/${root.id}/lists/${filledText(list, 'id') ?? ''}/drive`
  const request = { path, query: { $select: 'id' }, pool: drivePool, cost: cost.item, signal }
  const id = filledText(await client.json<JsonObject>(request), 'id')
  if (id === undefined) throw new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'library' } })
  return id
}
