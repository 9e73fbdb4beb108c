import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import { describeDestination, expectCode } from '../../support/destination-conformance.ts'
import { createFaultyStore, cutAfterWrites, failWhere, unreachable } from '../../support/faulty-store.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

describeDestination('a faulty store without faults', async () => {
  const inner = createMemoryStore()
  const reopen = () => createFaultyStore(createMemoryStore(inner.files))
  return { store: createFaultyStore(inner), reopen, dispose: async () => undefined }
})

const content = [Uint8Array.of(1, 2, 3)]

describe('a faulty store', () => {
  it('fails the calls of its plan, without doing them', async () => {
    const inner = createMemoryStore()
    const store = createFaultyStore(
      inner,
      failWhere((call) => call.method === 'put' && call.ofMethod === 2),
    )
    await store.put('keys/a', content)
    const error = await expectCode(store.put('keys/b', content), 'store.unreachable')
    expect(error.retry).toBe('later')
    await store.put('keys/c', content)
    expect([...inner.files.keys()]).toEqual(['keys/a', 'keys/c'])
    expect(store.calls.map(({ method, name }) => `${method} ${name}`)).toEqual([
      'put keys/a',
      'put keys/b',
      'put keys/c',
    ])
  })

  it('loses an answer after the deed', async () => {
    const inner = createMemoryStore()
    const store = createFaultyStore(inner, () => ({ kind: 'fail-after', error: unreachable() }))
    await expectCode(store.put('keys/a', content), 'store.unreachable')
    expect(inner.files.has('keys/a')).toBe(true)
  })

  it('holds a call until it is let go, or cancelled', async () => {
    const inner = createMemoryStore()
    const gate = Promise.withResolvers<undefined>()
    const store = createFaultyStore(inner, () => ({ kind: 'hold', until: gate.promise }))
    const controller = new AbortController()
    const cancelled = store.put('keys/a', content, controller.signal)
    const held = store.put('keys/b', content)
    controller.abort()
    await expectCode(cancelled, 'cancelled')
    expect(inner.files.size).toBe(0)
    gate.resolve(undefined)
    await held
    expect([...inner.files.keys()]).toEqual(['keys/b'])
  })

  it('changes what is read, not what is stored', async () => {
    const inner = createMemoryStore()
    await inner.put('keys/a', content)
    const store = createFaultyStore(inner, () => ({ kind: 'damage', change: (bytes) => bytes.fill(0) }))
    expect([...(await store.get('keys/a'))]).toEqual([0, 0, 0])
    expect([...(await inner.get('keys/a'))]).toEqual([1, 2, 3])
  })

  it('lets nothing through once it is cut, until it follows another plan', async () => {
    const store = createFaultyStore(createMemoryStore(), cutAfterWrites(1))
    await store.put('keys/a', content)
    expect((await store.get('keys/a')).length).toBe(3)
    await expectCode(store.put('keys/b', content), 'store.unreachable')
    await expectCode(store.get('keys/a'), 'store.unreachable')
    store.follow(() => undefined)
    expect((await store.get('keys/a')).length).toBe(3)
  })

  it('passes other errors on', async () => {
    const full = new EngineError('store.full')
    const store = createFaultyStore(
      createMemoryStore(),
      failWhere(() => true, full),
    )
    await expectCode(store.prepare(), 'store.full')
  })
})
