import { describe, expect, it } from 'vitest'
import { severalRestorers } from '../../../../../src-main/engine/operations/restore/absent-targets.ts'
import { EngineError, type ErrorCode } from '../../../../../src-main/engine/model/errors.ts'
import type { Root } from '../../../../../src-main/engine/ports/data-type.ts'
import type {
  DataTypeRestorer,
  RestoreItem,
  RestoreOptions,
} from '../../../../../src-main/engine/ports/restore-target.ts'

const signal = new AbortController().signal
const root: Root = { kind: 'group', id: 'id', name: 'sales' }
const item: RestoreItem = { path: 'groups/sales/x/a', metadata: {}, content: undefined, parts: [] }
const options: RestoreOptions = {
  dryRun: false,
  ignoreExisting: false,
  targetFolder: 'Restored',
  onRequest: new Set(),
  people: () => undefined,
}

function restorer(failure?: ErrorCode): DataTypeRestorer {
  return {
    folder: 'x',
    concurrency: 1,
    requests: () => 1,
    begin: () =>
      failure === undefined ? Promise.resolve({ id: 'top', path: '' }) : Promise.reject(new EngineError(failure)),
    container: (parent) => Promise.resolve({ id: 'inside', path: `${parent.path}/inside` }),
    item: () => Promise.resolve({ kind: 'created', id: 'new' }),
    finished: () => Promise.resolve([{ path: 'top', remarks: [] }]),
  }
}

async function restore(one: DataTypeRestorer | undefined) {
  if (one === undefined) throw new Error('no restorer')
  const top = await one.begin(root, options, signal)
  const container = await one.container(top, { dirName: 'inside', metadata: undefined }, signal)
  return { top, outcome: await one.item(container, item, signal), finished: await one.finished?.(top, signal) }
}

describe('a data type that the target has no place for', () => {
  it('fails item by item, and the others are restored', async () => {
    const several = severalRestorers([restorer('graph.no-site'), restorer()])
    const { restorers } = several
    expect(await restore(restorers[0])).toMatchObject({
      top: { id: undefined, path: 'Restored' },
      outcome: { kind: 'failed', code: 'graph.no-site' },
      finished: [],
    })
    expect(await restore(restorers[1])).toMatchObject({
      top: { id: 'top' },
      outcome: { kind: 'created', id: 'new' },
      finished: [{ path: 'top' }],
    })
    expect(() => several.check()).not.toThrow()
  })

  it('is left out where only people may restore it', async () => {
    const { restorers } = severalRestorers([restorer('graph.not-for-app-only'), restorer()])
    const { outcome } = await restore(restorers[0])
    expect(outcome).toEqual({ kind: 'skipped', code: 'needs-signed-in-user' })
  })

  it('is the end if there is nothing else', async () => {
    const several = severalRestorers([restorer('graph.no-site')])
    await restore(several.restorers[0])
    expect(() => several.check()).toThrow(expect.objectContaining({ code: 'graph.no-site' }) as Error)
  })
})

it('any other failure ends the restore at once', async () => {
  const { restorers } = severalRestorers([restorer('graph.unreachable'), restorer()])
  await expect(restore(restorers[0])).rejects.toMatchObject({ code: 'graph.unreachable' })
})
