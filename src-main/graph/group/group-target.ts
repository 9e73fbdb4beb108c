import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreOptions } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { list, text } from '../item/fields.ts'
import { directoryPool } from './group-reading.ts'

/** The group that is restored into. */
export interface TargetGroup {
  readonly client: GraphClient
  readonly root: Root
  readonly options: RestoreOptions
  readonly signal: AbortSignal
}

/** Graph understood and does not want it, from this application or at all. */
export function isRefusal(error: unknown): boolean {
  return isEngineError(error, 'graph.forbidden') || isEngineError(error, 'graph.request-refused')
}

/** Selected properties of the group as it is. */
export async function readTarget({ client, root, signal }: TargetGroup, names: readonly string[]): Promise<JsonObject> {
  const query = { $select: names.join(',') }
  return await client.json<JsonObject>({ path: graphPath`/groups/${root.id}`, query, pool: directoryPool, signal })
}

/** How an object of the directory is named in a request: where Graph is, it says itself in its answers (gotcha 50). */
export function referenceTo(answer: JsonObject, id: string): string {
  const base = /^(https?:\/\/.+)\/\$metadata/.exec(text(answer, '@odata.context') ?? '')?.[1]
  return `${base ?? 'https://graph.microsoft.com/v1.0'}/directoryObjects/${id}`
}

/**
 * Whether Exchange is known not to mail those who are added. It mails them unless the group was made with
 * WelcomeEmailDisabled (as Teams makes all of its groups), or its welcome message was switched off since, which not
 * every sign-in may see. https://learn.microsoft.com/graph/group-set-options
 */
export async function staysSilent(target: TargetGroup, group: JsonObject): Promise<boolean> {
  if (list(group, 'groupTypes')?.includes('Unified') !== true) return true
  if (list(group, 'resourceBehaviorOptions')?.includes('WelcomeEmailDisabled') === true) return true
  try {
    return (await readTarget(target, ['welcomeMessageEnabled'])).welcomeMessageEnabled === false
  } catch (error) {
    if (isRefusal(error) || isEngineError(error, 'graph.no-mailbox')) return false
    throw error
  }
}
