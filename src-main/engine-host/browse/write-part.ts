import { resolve } from 'node:path'
import type { HexId } from '../../engine/index.ts'
import type { HostContext, InternalHandlers } from '../context.ts'
import { findPart, type WritablePart } from './parts.ts'
import { readStoredItem } from './stored-item.ts'
import { withPlace } from './with-place.ts'
import { writeFileWhole } from './write-file.ts'

interface AskedPart {
  readonly place: string
  readonly snapshot: string
  readonly path: string
  readonly part: string
}

/** Names and writes parts of items: attachments, versions, contents. */
export function partHandlers(context: HostContext): InternalHandlers<'part.name' | 'part.write'> {
  const withPart = <T>(
    asked: AskedPart,
    signal: AbortSignal,
    work: (part: WritablePart) => T | Promise<T>,
  ): Promise<T> =>
    withPlace(context, asked.place, signal, async ({ repository, catalog }) => {
      const open = { repository, catalog, snapshot: asked.snapshot as HexId, signal }
      return await work(await findPart(await readStoredItem(open, asked.path), asked.part, signal))
    })
  return {
    'part.name': (asked, { signal }) => withPart(asked, signal, ({ name, size }) => ({ name, size })),
    'part.write': async ({ to, ...asked }, { signal }) => {
      await withPart(asked, signal, (part) => writeFileWhole(resolve(to), part.stream(signal), signal))
      return {}
    },
  }
}
