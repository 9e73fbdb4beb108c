import { SEAL_OVERHEAD } from '../../crypto/seal.ts'
import type { EngineError, ErrorCode } from '../../model/errors.ts'
import { isHexId, type HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { listKeys } from '../../repository/keys.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { headerBound } from '../../repository/pack-format.ts'
import { listSnapshots } from '../../repository/snapshots.ts'
import { checkTrees, type Harmed } from './check-trees.ts'
import { damagedPacks } from './damaged-packs.ts'
import { requireSubset } from './data-subset.ts'
import type { CheckFinding, CheckOptions, CheckReport } from './model.ts'
import { packContents, type PackContents } from './pack-contents.ts'
import { readPacks } from './read-packs.ts'

/**
 * Looks for everything that is wrong with a repository; changes nothing. In the findings, a file that cannot be restored
 * is named once, with one of the snapshots that have it; `damagedPacks` names all of them. Rejects with `usage` for a
 * part of the data that is none, and when the repository is out of reach.
 */
export async function checkRepository(options: CheckOptions): Promise<CheckReport> {
  const { repository, signal } = options
  requireSubset(options.readData)
  const findings: CheckFinding[] = []
  repository.forgetIndex()
  await repository.loadIndex(signal, ({ code, context }) => {
    findings.push({ code, subject: 'index', id: String(context.file) })
  })
  // After the index: a pack that is stored meanwhile must not seem to be missing.
  const stored = await storedPacks(repository, signal)
  const contents = packContents(repository)
  findings.push(...sizeFindings(contents, stored))
  const harmed = harmedBySize(repository, contents, stored)
  const nothingRead = { bytes: 0, packsRead: 0 }
  const read = options.readData === false ? nothingRead : await readPacks(options, contents, stored, findings, harmed)
  const { snapshots, damaged } = await listSnapshots(repository.store, repository.sealer, signal)
  findings.push(...damaged.map(damagedSnapshot))
  await checkSnapshots(options, snapshots, findings, harmed)
  return {
    findings: withoutRepeats(findings),
    damagedPacks: await damagedPacks(repository, { findings, harmed, snapshots, signal }),
    damagedKeys: (await listKeys(repository.store, signal)).damaged,
    snapshots: snapshots.length,
    packs: contents.length,
    blobs: repository.table.size,
    unusedPacks: [...stored.keys()].filter((id) => repository.packs.number(id) === undefined).length,
    packsRead: read.packsRead,
    bytesRead: read.bytes,
  }
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

function damagedSnapshot({ code, context }: EngineError): CheckFinding {
  const file = String(context.file)
  return { code, subject: 'snapshot', id: file.slice(file.lastIndexOf('/') + 1) }
}

async function checkSnapshots(
  { repository, signal, onProgress }: CheckOptions,
  snapshots: readonly SavedSnapshot[],
  findings: CheckFinding[],
  harmed: Harmed,
): Promise<void> {
  const checked = new Set<HexId>()
  for (const [done, { id, tree }] of snapshots.entries()) {
    onProgress?.({ stage: 'trees', done, total: snapshots.length })
    for await (const finding of checkTrees(repository, tree, checked, harmed, signal))
      findings.push({ ...finding, snapshot: id })
  }
}
