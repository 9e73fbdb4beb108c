import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { HostClient, type Answer, type HostProcess, type SignInPage } from '../../../src-main/engine-host/client.ts'
import type { FromHost, ToHost } from '../../../src-main/engine-host/wire.ts'
import { createManualTimers } from '../app/manual-timers.ts'

class FakeHost extends EventEmitter {
  readonly sent: ToHost[] = []
  killed = false
  postMessage(message: ToHost): void {
    this.sent.push(message)
  }
  kill(): boolean {
    this.killed = true
    return true
  }
  say(message: FromHost): void {
    this.emit('message', message)
  }
  lastId(): number {
    const last = this.sent.at(-1)
    if (last === undefined) throw new Error('nothing was sent')
    return last.id
  }
}

interface Ask {
  readonly page: SignInPage
  readonly signal: AbortSignal
  readonly answer: (answer: Answer) => void
}

function scene() {
  const hosts: FakeHost[] = []
  const states: string[] = []
  const events: unknown[] = []
  const log: string[] = []
  const asks: Ask[] = []
  const timers = createManualTimers()
  const client = new HostClient({
    fork: () => {
      const host = new FakeHost()
      hosts.push(host)
      return host as unknown as HostProcess
    },
    ...timers,
    openSignInWindow: (page, signal) => new Promise((answer) => asks.push({ page, signal, answer })),
    onState: (state) => states.push(state),
    onEvent: (topic, value) => events.push([topic, value]),
    log: (sentence) => log.push(sentence),
  })
  const host = (): FakeHost => {
    const current = hosts.at(-1)
    if (current === undefined) throw new Error('no host was started')
    return current
  }
  return { client, hosts, host, states, events, log, asks, timers }
}

const stopped = { ok: false, error: { code: 'engine.stopped', params: {}, retry: 'later' } }

it('sends requests once the host is ready, and gives each its own answer', async () => {
  const { client, host, states } = scene()
  client.start()
  const one = client.request('plans.list', {})
  const two = client.request('plans.get', { plan: 'p' })
  expect(host().sent).toEqual([])
  host().say({ kind: 'ready' })
  expect(states).toEqual(['running'])
  expect(host().sent).toEqual([
    { kind: 'request', id: 1, method: 'plans.list', params: {} },
    { kind: 'request', id: 2, method: 'plans.get', params: { plan: 'p' } },
  ])
  const refusal = { ok: false, error: { code: 'usage', params: { x: 1 }, retry: 'never' } } as const
  host().say({ kind: 'reply', id: 2, envelope: refusal })
  host().say({ kind: 'reply', id: 1, envelope: { ok: true, value: [] } })
  expect(await one).toEqual({ ok: true, value: [] })
  expect(await two).toEqual(refusal)
})

it('ends what is under way when the host dies, and starts it again', async () => {
  const { client, hosts, host, states, timers } = scene()
  client.start()
  host().say({ kind: 'ready' })
  const lost = client.request('plans.list', {})
  host().emit('exit', 9)
  expect(await lost).toEqual(stopped)
  expect(states).toEqual(['running', 'crashed'])
  const next = client.request('plans.list', {})
  await timers.advance(999)
  expect(hosts).toHaveLength(1)
  await timers.advance(1)
  expect(states).toEqual(['running', 'crashed', 'starting'])
  host().say({ kind: 'ready' })
  host().say({ kind: 'reply', id: host().lastId(), envelope: { ok: true, value: 'again' } })
  expect(await next).toEqual({ ok: true, value: 'again' })
})

it('waits longer each time, gives up after five restarts in ten minutes, and tries again when it is needed later', async () => {
  const { client, hosts, host, timers, log } = scene()
  client.start()
  for (const wait of [1000, 2000, 4000, 8000, 16_000]) {
    host().emit('exit', 1)
    expect(timers.next).toBe(wait)
    await timers.advance(wait)
  }
  expect(hosts).toHaveLength(6)
  host().emit('exit', 1)
  expect(timers.next).toBeUndefined()
  expect(log.at(-1)).toContain('too often')
  expect(await client.request('plans.list', {})).toEqual(stopped)
  expect(hosts).toHaveLength(6)
  await timers.advance(600_000)
  void client.request('plans.list', {})
  expect(hosts).toHaveLength(7)
})

it('lets a request go when its signal fires', async () => {
  const { client, host } = scene()
  client.start()
  host().say({ kind: 'ready' })
  const controller = new AbortController()
  const request = client.request('browse.search', {}, controller.signal)
  const id = host().lastId()
  controller.abort()
  expect(await request).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(host().sent.at(-1)).toEqual({ kind: 'abort', id })
  host().say({ kind: 'reply', id, envelope: { ok: true, value: 'late' } })
  expect(await client.request('browse.search', {}, controller.signal)).toMatchObject({ error: { code: 'cancelled' } })
})

it('passes events on, and what makes no sense to the log only', () => {
  const { client, host, events, log } = scene()
  client.start()
  host().say({ kind: 'event', topic: 'operations', value: [] })
  for (const nonsense of [
    undefined,
    7,
    'ready',
    {},
    { kind: 'reply', id: 'x' },
    { kind: 'ask', id: 1, question: 'open' },
  ])
    host().emit('message', nonsense)
  expect(events).toEqual([['operations', []]])
  expect(log).toHaveLength(6)
})

it('answers what the host asks', async () => {
  const { client, host, asks } = scene()
  client.start()
  const params = { url: 'https://login.example/', redirectUri: 'http://localhost' }
  host().say({ kind: 'ask', id: 7, question: 'openSignInWindow', params })
  expect(asks[0]?.page).toEqual(params)
  asks[0]?.answer({ outcome: 'closed' })
  await setImmediate()
  expect(host().sent).toEqual([{ kind: 'answer', id: 7, answer: { outcome: 'closed' } }])
})

it('closes the window of a question that the host takes back, or that died with it', async () => {
  const { client, host, asks, hosts, timers } = scene()
  client.start()
  const params = { url: 'https://login.example/', redirectUri: 'http://localhost' }
  host().say({ kind: 'ask', id: 1, question: 'openSignInWindow', params })
  host().say({ kind: 'withdraw', id: 1 })
  expect(asks[0]?.signal.aborted).toBe(true)
  host().say({ kind: 'ask', id: 2, question: 'openSignInWindow', params })
  host().emit('exit', 1)
  expect(asks[1]?.signal.aborted).toBe(true)
  await timers.advance(1000)
  asks[1]?.answer({ outcome: 'closed' })
  await setImmediate()
  expect(hosts[1]?.sent).toEqual([])
})

it('is not started again once it is closed', async () => {
  const { client, host, hosts, timers } = scene()
  client.start()
  host().say({ kind: 'ready' })
  const request = client.request('plans.list', {})
  const first = host()
  client.close()
  expect(first.killed).toBe(true)
  first.emit('exit', 0)
  expect(await request).toEqual(stopped)
  expect(await client.request('plans.list', {})).toEqual(stopped)
  await timers.advance(60_000)
  expect(hosts).toHaveLength(1)
})
