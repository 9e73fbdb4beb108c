import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { MessageInfo, SpawnedSimulator } from '../support/graph-simulator/index.ts'

export interface Comparison {
  readonly compared: number
  readonly bytes: number
  readonly problems: readonly string[]
}

/** The restored messages' files by the Graph id that their metadata names, relative to `restored`. */
export async function restoredNames(restored: string): Promise<Record<string, string>> {
  const names: Record<string, string> = {}
  for (const entry of await readdir(restored, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json') || entry.name.startsWith('.')) continue
    const file = join(entry.parentPath, entry.name)
    const metadata = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    if (metadata['o365:Type'] !== 'mail') continue
    names[String(metadata['o365:Id'])] = relative(restored, file.replace(/\.json$/, '.eml'))
  }
  return names
}

/** Compares every message that the tenant holds with the file that was restored for it, byte by byte. */
export async function compareMailboxes(
  simulator: SpawnedSimulator,
  restored: string,
  served: string,
): Promise<Comparison> {
  const names = await restoredNames(restored)
  const dumped = await simulator.controls.dumpServed(served, names)
  const problems: string[] = []
  let bytes = 0
  let held = 0
  for (const { userPrincipalName, hasMailbox } of await simulator.tenant.users()) {
    if (!hasMailbox) continue
    for (const { id } of await simulator.tenant.messages(userPrincipalName)) {
      held++
      if (names[id] === undefined) problems.push(`not restored: a message of ${userPrincipalName}`)
    }
  }
  for (const { file } of dumped) {
    const [ours, theirs] = await Promise.all([readFile(join(restored, file)), readFile(join(served, file))])
    if (!ours.equals(theirs)) problems.push(`differs: ${file}`)
    bytes += ours.length
  }
  const restoredCount = Object.keys(names).length
  if (restoredCount !== held)
    problems.push(`restored ${String(restoredCount)} messages, the tenant holds ${String(held)}`)
  return { compared: dumped.length, bytes, problems }
}

/** Compares what a folder held with what a restore into the tenant made of it: every message, its state and its files. */
export async function compareRestored(
  simulator: SpawnedSimulator,
  user: string,
  lost: readonly MessageInfo[],
  lostAttachments: ReadonlyMap<string, readonly string[]>,
): Promise<Comparison> {
  const problems: string[] = []
  const messages = await simulator.tenant.messages(user)
  const back = messages.filter(({ folderPath }) => folderPath[0] === 'Restored')
  const open = new Set(back)
  for (const before of lost) {
    const after = [...open].find((candidate) => isSame(before, candidate))
    if (after === undefined) {
      problems.push(`did not come back as it was: message ${before.id.slice(-12)}`)
      continue
    }
    open.delete(after)
    const files = await attachmentHashes(simulator, user, after.id)
    if (files.join() !== lostAttachments.get(before.id)?.join())
      problems.push(`attachments differ: message ${before.id.slice(-12)}`)
  }
  if (open.size > 0) problems.push(`${String(open.size)} messages more than there were`)
  return { compared: lost.length, bytes: 0, problems }
}

export async function attachmentHashes(simulator: SpawnedSimulator, user: string, id: string): Promise<string[]> {
  const attachments = await simulator.tenant.attachments(user, id)
  return attachments.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex')).sort()
}

function isSame(before: MessageInfo, after: MessageInfo): boolean {
  const fields = ['subject', 'internetMessageId', 'receivedDateTime', 'sentDateTime', 'isRead', 'importance'] as const
  if (fields.some((field) => before[field] !== after[field])) return false
  if (before.isDraft !== after.isDraft || before.flag.flagStatus !== after.flag.flagStatus) return false
  const folder = (message: MessageInfo): string | undefined => message.folderPath.at(-1)
  return (
    before.categories.join() === after.categories.join() &&
    folder(before)?.toLowerCase() ===
      folder(after)
        ?.replace(/ \(\d+\)$| ~.*$/, '')
        .toLowerCase()
  )
}
