import { resolve } from 'node:path'
import { isEngineError, storedFile, walkNode, walkTree, type OpenRepository } from '../engine/index.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import { writeToFile, writeToOutput } from './parts/byte-output.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { zipStream, type ZipEntry } from './export/zip.ts'
import { openNamedRepository, readLock, whileLocked } from './parts/repository.ts'
import type { Session } from './parts/session.ts'
import { askedNode, type AskedNode } from './cat.ts'

/** Writes a stored file, or a folder as a zip, to standard output or to a file. */
export async function dump(session: Session): Promise<ExitCode> {
  const opened = await openNamedRepository(session)
  return await whileLocked(session, opened, readLock, (signal) => dumpOpened(session, opened.repository, signal))
}

async function dumpOpened(session: Session, repository: OpenRepository, signal: AbortSignal): Promise<ExitCode> {
  const { values } = session
  const asked = await askedNode(session, repository, signal)
  const { node } = asked
  const damaged: string[] = []
  const bytes =
    node?.type === 'file' ? storedFile(repository, node).stream(signal) : zipStream(entriesOf(asked, damaged, signal))
  const to = values.text('to')
  await (to === undefined ? writeToOutput(bytes, signal) : writeToFile(resolve(to), bytes, signal))
  for (const sentence of damaged) session.output.warn(sentence)
  return damaged.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** A folder that cannot be read is missing from the zip, and told. */
async function* entriesOf(
  { repository, snapshot, path, node }: AskedNode,
  damaged: string[],
  signal: AbortSignal,
): AsyncGenerator<ZipEntry, void, undefined> {
  const above = path.lastIndexOf('/') + 1
  const walk =
    node === undefined ? walkTree(repository, snapshot.tree, '', signal) : walkNode(repository, node, path, signal)
  for await (const walked of walk) {
    if (walked.leaving === true) continue
    if (walked.failure !== undefined) {
      damaged.push(isEngineError(walked.failure) ? errorSentence(walked.failure.code) : '')
      continue
    }
    const name = walked.path.slice(above)
    const { type, size = 0, mtime } = walked.node
    const time = Date.parse(mtime)
    if (type === 'dir') yield { name: `${name}/`, time, size: 0 }
    else if (type === 'file') yield { name, time, size, data: storedFile(repository, walked.node).stream(signal) }
  }
}
