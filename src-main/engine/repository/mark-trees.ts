import type { Sealer } from '../crypto/seal.ts'
import type { Zstd } from '../crypto/zstd.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import { hexId, idBytes, type HexId } from '../model/ids.ts'
import { openBlob } from './blob-codec.ts'
import { BlobTable, type BlobType } from './blob-table.ts'
import type { MarkFinding, MarkMemory, MarkTrees, OpenAnswers } from './open-messages.ts'
import { SlotSet } from './slot-set.ts'
import { readTreeRefs } from './tree-refs.ts'
import { blobAt } from './verify-pack.ts'

/** Where everything is missing, nobody reads all of it. */
const MAX_FINDINGS = 100

/** Opens trees and marks the blobs and trees that they refer to. */
export function createMarker(
  marks: MarkMemory | undefined,
  sealer: Sealer,
  zstd: Zstd,
): (request: MarkTrees) => OpenAnswers['mark'] {
  if (marks === undefined)
    return () => {
      throw new EngineError('internal', { context: { reason: 'nothing to mark in' } })
    }
  const table = new BlobTable(marks.segments)
  const used = new SlotSet(marks.used)

  return ({ memory, length, blobs }) => {
    const bytes = new Uint8Array(memory, 0, length)
    const first = { tree: [] as number[], data: [] as number[] }
    const findings: MarkFinding[] = []
    const mark = (id: HexId, type: BlobType): void => {
      const slot = table.find(idBytes(id), type)
      if (slot < 0 || !table.isStored(slot)) findings.push({ id, code: 'repository.blob-missing' })
      else if (used.add(slot)) first[type].push(slot)
    }
    for (let i = 0; i < blobs.ids.length / 32; i++) {
      const blob = blobAt(blobs, i)
      const plain = openBlob(bytes.subarray(blob.offset, blob.offset + blob.length), blob, sealer, zstd)
      if (plain === undefined) findings.push({ id: hexId(blob.id), code: 'repository.blob-damaged' })
      else markOne(plain, blob.id, mark, findings)
    }
    const found = findings.slice(0, MAX_FINDINGS)
    return { trees: Int32Array.from(first.tree), data: Int32Array.from(first.data), findings: found }
  }
}

function markOne(
  plain: Uint8Array,
  id: Uint8Array,
  mark: (id: HexId, type: BlobType) => void,
  findings: MarkFinding[],
): void {
  try {
    readTreeRefs(
      plain,
      (blob) => {
        mark(blob, 'data')
      },
      (tree) => {
        mark(tree, 'tree')
      },
    )
  } catch (error) {
    if (!isEngineError(error, 'repository.tree-damaged')) throw error
    findings.push({ id: hexId(id), code: error.code })
  }
}
