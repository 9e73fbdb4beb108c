import { EngineError, type OpenRepository } from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { TreeNode } from '../../engine/model/tree.ts'

/** The metadata object of a stored file. Rejects with the repository's damage. */
export async function storedJson(
  repository: OpenRepository,
  { content }: TreeNode,
  signal: AbortSignal,
): Promise<JsonObject> {
  const text = Buffer.from(await repository.content(content ?? [], signal)).toString()
  try {
    return JSON.parse(text) as JsonObject
  } catch (error) {
    throw new EngineError('repository.blob-damaged', { context: { reason: 'json' }, cause: error })
  }
}
