import { SEAL_OVERHEAD } from '../../crypto/seal.ts'
import type { ErrorCode } from '../../model/errors.ts'
import { isHexId, type HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { headerBound } from '../../repository/pack-format.ts'
import { listSnapshots } from '../../repository/snapshots.ts'
import { checkTrees, type Harmed } from './check-trees.ts'
import type { CheckFinding, CheckOptions, CheckReport } from './model.ts'
import { packContents, type PackContents } from './pack-contents.ts'
import { readPacks } from './read-packs.ts'

/**
 * Looks for everything that is wrong with a repository; changes nothing. A file that cannot be restored is named once,
 * with one of the snapshots that have it. Rejects when the repository is out of reach.
 */
export async function checkRepository(options: CheckOptions): Promise<CheckReport> {
  const { repository, signal } = options
  const findings: CheckFinding[] = []
  await repository.loadIndex(signal, ({ code, context }) => {
    findings.push({ code, subject: 'index', id: String(context.file) })
  })
  // After the index: a pack that is stored meanwhile must not seem to be missing.
  const stored = await storedPacks(repository, signal)
  const contents = packContents(repository)
  findings.push(...sizeFindings(contents, stored))
  const harmed = harmedBySize(repository, contents, stored)
  const { bytes } = options.readData ? await readPacks(options, contents, stored, findings, harmed) : { bytes: 0 }
  const snapshots = await checkSnapshots(options, findings, harmed)
  const unusedPacks = [...stored.keys()].filter((id) => repository.packs.number(id) === undefined).length
  const counts = { snapshots, packs: contents.length, blobs: repository.table.size, unusedPacks, bytesRead: bytes }
  return { ...counts, findings: withoutRepeats(findings) }
}

/** A blob that is named with a path need not be named without one; nothing needs to be said twice. */
function withoutRepeats(findings: readonly CheckFinding[]): CheckFinding[] {
  const placed = new Set(findings.flatMap(({ path, code, id }) => (path === undefined ? [] : [`${code} ${id}`])))
  const said = new Set<string>()
  return findings.filter(({ code, subject, id, path }) => {
    const key = `${code} ${subject} ${id} ${path ?? ''}`
    if (said.has(key) || (path === undefined && subject === 'blob' && placed.has(`${code} ${id}`))) return false
    said.add(key)
    return true
  })
}

/** Blobs that must be gone because their pack is, or is too short for them. */
function harmedBySize(
  { table }: OpenRepository,
  contents: readonly PackContents[],
  stored: ReadonlyMap<HexId, number>,
): Map<number, ErrorCode> {
  const harmed = new Map<number, ErrorCode>()
  for (const { id, end, slots } of contents) {
    const size = stored.get(id)
    if (size !== undefined && size >= end) continue
    for (const slot of slots) {
      const { offset, length } = table.location(slot)
      if (size === undefined) harmed.set(slot, 'repository.pack-missing')
      else if (offset + length > size) harmed.set(slot, 'repository.pack-truncated')
    }
  }
  return harmed
}

async function storedPacks(repository: OpenRepository, signal?: AbortSignal): Promise<Map<HexId, number>> {
  const packs = new Map<HexId, number>()
  for await (const { name, size } of repository.store.list('data', signal)) {
    const id = name.slice(name.lastIndexOf('/') + 1)
    if (isHexId(id)) packs.set(id, size)
  }
  return packs
}

/** Packs that the indexes name and that are not there, or are not as long as they must be. */
function sizeFindings(contents: readonly PackContents[], stored: ReadonlyMap<HexId, number>): CheckFinding[] {
  const findings: CheckFinding[] = []
  for (const { id, end, count } of contents) {
    const size = stored.get(id)
    if (size === undefined) findings.push({ code: 'repository.pack-missing', subject: 'pack', id })
    else if (size < end + SEAL_OVERHEAD || size > end + headerBound(count))
      findings.push({ code: 'repository.pack-truncated', subject: 'pack', id })
  }
  return findings
}

async function checkSnapshots(options: CheckOptions, findings: CheckFinding[], harmed: Harmed): Promise<number> {
  const { repository, signal } = options
  const checked = new Set<HexId>()
  let count = 0
  const { snapshots: listed, damaged } = await listSnapshots(repository.store, repository.sealer, signal)
  for (const { code, context } of damaged) {
    const file = String(context.file)
    findings.push({ code, subject: 'snapshot', id: file.slice(file.lastIndexOf('/') + 1) })
  }
  for (const snapshot of listed) {
    options.onProgress?.({ stage: 'trees', done: count, total: listed.length })
    for await (const finding of checkTrees(repository, snapshot.tree, checked, harmed, signal))
      findings.push({ ...finding, snapshot: snapshot.id })
    count++
  }
  return count
}
