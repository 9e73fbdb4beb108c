import type { IpcMainInvokeEvent } from 'electron'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { methods, type MethodName } from '../../../src-shared/ipc/contract.ts'
import type { Envelope } from '../../../src-shared/ipc/errors.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import { createInvokeHandler, type InvokeParts, type ShellHandlers } from '../../../src-main/ipc/handle-invoke.ts'
import { refused } from '../../../src-main/ipc/ipc-failure.ts'

const event = {} as IpcMainInvokeEvent
const names = Object.keys(methods) as MethodName[]

/** A shell whose every method gives what `value` makes. */
function shellOf(value: (params: unknown) => unknown): ShellHandlers {
  return new Proxy({}, { get: () => value }) as ShellHandlers
}

function scene(given: Partial<InvokeParts> = {}) {
  const asked: unknown[] = []
  const log: string[] = []
  const values: unknown[] = []
  const handle = createInvokeHandler({
    shell: shellOf(() => ({})),
    host: (method, params) => {
      asked.push([method, params])
      return Promise.resolve({ ok: true, value: [] })
    },
    isOwn: () => true,
    onValue: (method, value) => values.push([method, value]),
    log: (sentence) => log.push(sentence),
    ...given,
  })
  return { handle, asked, log, values }
}

it('passes calls of the contract on and gives back what they gave', async () => {
  const { handle, asked, values } = scene()
  expect(await handle(event, { method: 'plans.list', params: {} })).toEqual({ ok: true, value: [] })
  expect(asked).toEqual([['plans.list', {}]])
  expect(values).toEqual([['plans.list', []]])
  expect(await handle(event, { method: 'app.copy', params: { text: 'x' } })).toEqual({ ok: true, value: {} })
})

it('answers nobody but its own page', async () => {
  const { handle, asked } = scene({ isOwn: () => false })
  expect(await handle(event, { method: 'plans.list', params: {} })).toMatchObject({ error: { code: 'ipc.refused' } })
  expect(asked).toEqual([])
})

it.each([
  ['no call', undefined],
  ['a list', ['plans.list', {}]],
  ['an unknown method', { method: 'plans.explode', params: {} }],
  ['a method of every object', { method: 'constructor', params: {} }],
  [
    'a method that only main may ask',
    { method: 'kit.make', params: { place: '/b', format: 'text', withPassphrase: true } },
  ],
  ['no arguments', { method: 'plans.list' }],
  ['arguments too many', { method: 'plans.list', params: { plan: 'p' } }],
  ['arguments of another kind', { method: 'plans.get', params: { plan: 7 } }],
  ['too much', { method: 'app.copy', params: { text: 'x'.repeat(5_000_000) } }],
])('refuses %s', async (_what, message) => {
  const { handle, asked } = scene()
  expect(await handle(event, message)).toEqual({
    ok: false,
    error: { code: 'ipc.malformed', params: {}, retry: 'never' },
  })
  expect(asked).toEqual([])
})

it('lets nothing out that the contract does not name', async () => {
  const leak = { path: null, passphrase: 'correct horse' }
  const { handle, log } = scene({ shell: shellOf(() => leak) })
  const answer = await handle(event, { method: 'app.chooseFolder', params: { title: 'x' } })
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(JSON.stringify([answer, log])).not.toContain('horse')
})

it('answers errors by their code, and tells nothing of others', async () => {
  const failing = async (error: unknown): Promise<Envelope<unknown>> => {
    const { handle } = scene({
      shell: shellOf(() => {
        throw error
      }),
    })
    return await handle(event, { method: 'app.copy', params: { text: '' } })
  }
  const full = new EngineError('store.full', { retry: 'later', context: { place: '/b' } })
  expect(await failing(full)).toEqual({
    ok: false,
    error: { code: 'store.full', params: { place: '/b' }, retry: 'later' },
  })
  expect(await failing(refused())).toMatchObject({ error: { code: 'ipc.refused' } })
  expect(await failing(new TypeError('the passphrase is x'))).toEqual({
    ok: false,
    error: { code: 'internal', params: {}, retry: 'never' },
  })
  expect(await failing('text')).toMatchObject({ error: { code: 'internal' } })
})

/** Whatever can be cloned into another process, cycles and all. */
function cyclic(): unknown {
  const ring: Record<string, unknown> = { answers: {} }
  ring.answers = { ring }
  return ring
}

const anything = fc.oneof(
  fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
    withNullPrototype: true,
  }),
  fc.jsonValue(),
  fc.constant(cyclic()),
  fc.constant({ step: 'x', answers: cyclic() }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"place":"/b"}') as unknown),
)

/** Arguments with the right names and anything in them. */
function almost(method: MethodName): fc.Arbitrary<unknown> {
  const { shape } = methods[method].params as unknown as { readonly shape?: Record<string, unknown> }
  return fc.record(Object.fromEntries(Object.keys(shape ?? {}).map((key) => [key, anything])))
}

it.each(names)('%s survives random and malformed arguments', async (method) => {
  const { handle } = scene({
    shell: shellOf((params) => params),
    host: (_method, params) => Promise.resolve({ ok: true, value: params }),
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(anything, almost(method)), async (params) => {
      const answer = await handle(event, { method, params })
      expect(typeof answer.ok).toBe('boolean')
      if (answer.ok) expect(methods[method].value.safeParse(answer.value).success).toBe(true)
    }),
    { numRuns: 60 },
  )
  expect(({} as { readonly polluted?: boolean }).polluted).toBeUndefined()
})

it('survives calls that are no calls', async () => {
  const { handle, asked } = scene()
  await fc.assert(
    fc.asyncProperty(anything, async (message) => {
      expect((await handle(event, message)).ok).toBe(false)
    }),
    { numRuns: 500 },
  )
  expect(asked).toEqual([])
})
