import { join } from 'node:path'
import { inPlace, readText, writeWhole } from './private-file.ts'

/**
 * Gives the turn of a check that goes round a repository's packs, and counts it up for the next one: `state.json` of the
 * profile keeps it. A file that is damaged counts as none, since going round begins anywhere. Rejects with `store.*`.
 */
export async function takeTurn(profile: string, repositoryId: string): Promise<number> {
  const path = join(profile, 'state.json')
  return inPlace(path, async () => {
    const state = parse(await readText(path))
    const before = state[repositoryId]
    const turn = typeof before === 'number' && Number.isSafeInteger(before) && before >= 0 ? before : 0
    const checkTurns = { ...state, [repositoryId]: turn + 1 }
    await writeWhole(path, `${JSON.stringify({ version: 1, checkTurns }, undefined, 2)}\n`)
    return turn
  })
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const state = JSON.parse(text ?? '{}') as { readonly checkTurns?: unknown } | null
    const turns = state?.checkTurns
    return typeof turns === 'object' && turns !== null ? (turns as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
