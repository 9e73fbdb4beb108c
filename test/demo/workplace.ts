import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Holdfast } from './commands.ts'

/** Folders of the group and its site in a snapshot. */
export const GROUP = 'launch@contoso.example'
export const SITE = 'contoso.sharepoint.com/sites/launch'

export interface Workplace {
  readonly found: readonly string[]
  readonly problems: readonly string[]
}

const expected = { sentences: ['The hall is booked', 'Yes, if printing is done by the ninth.'], risks: 3 }

/** Looks for what people wrote in the pages on disk, and for the list that came back in the newest snapshot. */
export async function readWorkplace(holdfast: Holdfast, repository: string, restored: string): Promise<Workplace> {
  const pages = transcripts(join(restored, 'groups', GROUP, 'teams'))
  const missing = expected.sentences.filter((sentence) => !pages.some((page) => page.includes(sentence)))
  const back = await itemsIn(holdfast, repository, `sites/${SITE}/lists/Risks (Restored)/items`)
  return {
    found: [
      `conversations of ${String(pages.length)} channels as pages`,
      `a list of ${String(back)} items back in its site`,
    ],
    problems: [
      ...missing.map((sentence) => `not in any page: "${sentence}"`),
      ...(back === expected.risks ? [] : [`${String(back)} of ${String(expected.risks)} items of the list came back`]),
    ],
  }
}

/** Items in the folder and in those below it. */
async function itemsIn(holdfast: Holdfast, repository: string, folder: string): Promise<number> {
  let items = 0
  for (const { kind, path } of await holdfast.json('ls', repository, 'latest', folder)) {
    if (kind === 'item') items++
    else if (kind === 'folder') items += await itemsIn(holdfast, repository, String(path))
  }
  return items
}

function transcripts(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const pages = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
  return pages.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
}
