import { hash } from 'node:crypto'
import type { Sealer } from '../crypto/seal.ts'
import type { Zstd } from '../crypto/zstd.ts'
import { isEngineError } from '../model/errors.ts'
import { openBlob } from './blob-codec.ts'
import { PLACE_WORDS, type BlobList, type OpenAnswers, type VerifyFinding, type VerifyPack } from './open-messages.ts'
import { readHeader, type PackedBlob } from './pack-format.ts'

/** Everything that is wrong with a pack. */
export function verifyPack(request: VerifyPack, sealer: Sealer, zstd: Zstd): OpenAnswers['verify'] {
  const pack = new Uint8Array(request.memory, 0, request.length)
  const findings: VerifyFinding[] = []
  if (!hash('sha256', pack, 'buffer').equals(request.id))
    findings.push({ code: 'repository.pack-damaged', blob: undefined })
  findings.push(...headerFindings(pack, request.blobs, sealer))
  const count = request.blobs.ids.length / 32
  let bytes = 0
  for (let i = 0; i < count; i++) {
    const blob = blobAt(request.blobs, i)
    const end = blob.offset + blob.length
    const plain = end <= pack.length ? openBlob(pack.subarray(blob.offset, end), blob, sealer, zstd) : undefined
    if (plain === undefined) findings.push({ code: 'repository.blob-damaged', blob: i })
    else bytes += plain.length
  }
  return { findings, blobs: count, bytes }
}

function headerFindings(pack: Uint8Array, expected: BlobList, sealer: Sealer): VerifyFinding[] {
  let header: PackedBlob[]
  try {
    header = readHeader(pack, sealer)
  } catch (error) {
    if (!isEngineError(error)) throw error
    return [{ code: error.code, blob: undefined }]
  }
  const listed = new Map(header.map((blob) => [`${Buffer.from(blob.id).toString('hex')} ${String(blob.offset)}`, blob]))
  const findings: VerifyFinding[] = []
  for (let i = 0; i < expected.ids.length / 32; i++) {
    const blob = blobAt(expected, i)
    const id = Buffer.from(blob.id).toString('hex')
    const found = listed.get(`${id} ${String(blob.offset)}`)
    if (found?.length !== blob.length) findings.push({ code: 'repository.index-damaged', blob: i })
  }
  return findings
}

/** The blob with that index in the list. */
export function blobAt(
  list: BlobList,
  index: number,
): { readonly id: Uint8Array; readonly offset: number; readonly length: number; readonly uncompressedLength: number } {
  const [offset = 0, length = 0, uncompressedLength = 0] = list.places.subarray(index * PLACE_WORDS)
  return { id: list.ids.subarray(index * 32, index * 32 + 32), offset, length, uncompressedLength }
}
