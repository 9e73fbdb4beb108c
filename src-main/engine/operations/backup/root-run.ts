import type { CatalogRoot } from '../../catalog/model.ts'
import type { Root } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'
import { TypeRun } from './type-run.ts'

/** Reads the chosen data types of one root. */
export async function readRoot(run: RunContext, root: Root, row: CatalogRoot): Promise<void> {
  const types = run.readers[root.kind].map((reader) => new TypeRun(run, reader, root, row))
  const isKnown = run.base !== undefined && run.catalog.rootPath(run.base.seq, row.key) !== undefined
  try {
    // Little to come: everything is asked for at once, so that the questions can travel together. Otherwise one type
    // after the other, so that no list grows old while another type's items are read.
    if (isKnown) {
      await Promise.all(types.map((type) => type.list()))
      for (const type of types) type.begin()
    }
    for (const type of types) {
      if (!isKnown) await type.list()
      await type.read()
    }
  } finally {
    for (const type of types) await type.leave()
  }
}
