import { shortId } from '../../engine/model/short-id.ts'

/** Characters of a title that Planner takes. */
const longestTitle = 255

/**
 * Planner has no hidden place on a task. So a task that is still being restored says so in its title, with letters that
 * stand for the stored one: whoever sees it knows what it is, and the next restore completes it.
 */
export function unfinishedTitle(title: string, sourceId: string): string {
  const end = ` (restoring ~${shortId(sourceId)})`
  return title.slice(0, longestTitle - end.length).toWellFormed() + end
}

/** The letters in the title of a task that a restore left unfinished. */
export function unfinishedSource(title: string): string | undefined {
  return / \(restoring ~([a-z2-7]{10})\)$/.exec(title)?.[1]
}

/** A title as Planner takes it. */
export function plannerTitle(title: string): string {
  const clean = title
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim()
    .slice(0, longestTitle)
  return clean === '' ? '-' : clean
}
