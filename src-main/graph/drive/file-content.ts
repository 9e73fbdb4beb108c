import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, ItemBody } from '../../engine/ports/data-type.ts'
import { isObject, record, text } from '../item/fields.ts'
import { isEmptyFile } from './content-hash.ts'
import { hasContent, sizeOf } from './drive-item.ts'
import { readItem, type DriveAccess } from './drive-requests.ts'
import { FileDownload, infected, isContentChanged } from './file-download.ts'
import { noticesOf, withNotice } from './notices.ts'
import { canCompare, sameContent } from './same-content.ts'

/** Up to this many bytes a file is read whole before anything of it is stored. */
const wholeBytes = 8 * 1024 * 1024

/** Times that a small file is read anew because somebody replaced it meanwhile. */
const attempts = 3

export interface FileSource {
  readonly access: DriveAccess
  readonly properties: JsonObject
  /** Properties that are stored of the version before. */
  readonly previous: JsonObject | undefined
  /** Told of a large content that differs from what Graph says, which is known when it is stored. */
  readonly onDiffering: () => void
}

/** The file's content, and its properties where reading it told more. */
export async function fileContent(source: FileSource): Promise<Pick<ItemBody, 'properties' | 'content'>> {
  if (!hasContent(source.properties)) return {}
  const { access, previous } = source
  const properties = await comparable(source)
  if (previous !== undefined && sameContent(previous, properties)) {
    const differs = noticesOf(previous).includes('content-differs')
    return { properties: differs ? withNotice(properties, 'content-differs') : properties, content: 'unchanged' }
  }
  if (isEmptyFile(properties)) return { properties, content: new Uint8Array(0) }
  const size = sizeOf(properties)
  if (size !== undefined && size <= wholeBytes) return await wholeContent(access, properties)
  return { properties, content: streamedContent(source, properties) }
}

/** A delta may leave out the hashes; then the file is asked whether it is still the same, and not read for it. */
async function comparable({ access, properties, previous }: FileSource): Promise<JsonObject> {
  if (previous === undefined || canCompare(previous, properties)) return properties
  return { ...properties, ...(await readItem(access, text(properties, 'id') ?? '')) }
}

async function wholeContent(access: DriveAccess, listed: JsonObject): Promise<ItemBody> {
  let properties = listed
  for (let attempt = 1; ; attempt += 1) {
    const download = new FileDownload(access, properties)
    const read = await readWhole(download)
    properties = download.properties
    if (read === undefined) {
      // By something large, perhaps: that is read another way the next time.
      if (attempt === attempts || (sizeOf(properties) ?? 0) > wholeBytes) throw replaced()
      continue
    }
    return { properties: read.differs ? withNotice(properties, 'content-differs') : properties, content: read.bytes }
  }
}

/** Undefined if the file changed while it was read. */
async function readWhole(
  download: FileDownload,
): Promise<{ readonly bytes: Uint8Array; readonly differs: boolean } | undefined> {
  let bytes = Buffer.allocUnsafeSlow(sizeOf(download.properties) ?? 0)
  let length = 0
  try {
    for await (const chunk of download.chunks()) {
      const end = length + chunk.length
      // Twice as much as it should be at most: sizes of some pictures are wrong, but not like that.
      if (end > 2 * wholeBytes) throw replaced()
      if (end > bytes.length) bytes = Buffer.concat([bytes.subarray(0, length)], 2 * end)
      bytes.set(chunk, length)
      length = end
    }
    bytes = bytes.subarray(0, length)
    const verdict = await download.verdict()
    if (verdict === 'changed') return undefined
    if (verdict === 'differs') checkForRefusal(bytes)
    return { bytes, differs: verdict === 'differs' }
  } catch (error) {
    if (isContentChanged(error)) return undefined
    throw error
  }
}

async function* streamedContent(
  { access, onDiffering }: FileSource,
  properties: JsonObject,
): Exclude<Content, Uint8Array> & AsyncGenerator<Uint8Array, void, undefined> {
  const download = new FileDownload(access, properties)
  yield* download.chunks()
  const verdict = await download.verdict()
  if (verdict === 'changed') throw replaced()
  if (verdict === 'differs') onDiffering()
}

/** Graph has been seen to answer 200 with its refusal of an infected file as the content. */
function checkForRefusal(bytes: Buffer): void {
  if (bytes.length > 4096 || bytes[0] !== 0x7b) return
  try {
    const refusal: unknown = JSON.parse(bytes.toString())
    const error = isObject(refusal) ? record(refusal, 'error') : undefined
    if (error?.code === 'malwareDetected') throw infected()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}

function replaced(): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'content-changed' } })
}
