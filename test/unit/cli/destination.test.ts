import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDestination } from '../../../src-main/cli/destination.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import { describeDestination } from '../../support/destination-conformance.ts'

describeDestination('what the command line opens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-destination-'))
  return Promise.resolve({
    store: openDestination(folder).store,
    reopen: () => openDestination(folder).store,
    dispose: async () => {
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
  })
})

describe('a destination', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-destination-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('says in its errors where they happened', async () => {
    const { store } = openDestination(`file://${folder}`)
    const error = { code: 'store.not-found', context: { place: folder } }
    await expect(store.get('config')).rejects.toMatchObject(error)
    await expect(store.size('config')).rejects.toMatchObject(error)
  })

  it('makes sure of the lock before it writes what refers to other files', async () => {
    const destination = openDestination(folder)
    const { store } = destination
    await store.prepare()
    const confirmed: string[] = []
    const lost = new EngineError('repository.lock-lost')
    destination.guard({ confirm: () => Promise.reject(lost) })
    await store.put('data/ab/x', [Buffer.from('x')])
    await expect(store.put('index/x', [Buffer.from('x')])).rejects.toBe(lost)
    await expect(store.put('snapshots/x', [Buffer.from('x')])).rejects.toBe(lost)
    await expect(store.size('index/x')).rejects.toMatchObject({ code: 'store.not-found' })
    destination.guard({
      confirm: () => {
        confirmed.push('confirmed')
        return Promise.resolve()
      },
    })
    await store.put('index/x', [Buffer.from('x')])
    expect(confirmed).toEqual(['confirmed'])
    destination.guard(undefined)
    await store.put('index/y', [Buffer.from('y')])
    expect(confirmed).toEqual(['confirmed'])
  })
})
