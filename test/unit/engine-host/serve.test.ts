import { describe, expect, it } from 'vitest'
import { gather, Server, type HostPort } from '../../../src-main/engine-host/serve.ts'
import type { FromHost, ToHost } from '../../../src-main/engine-host/wire.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'

/** The other end. */
class Main {
  readonly heard: FromHost[] = []
  readonly log: string[] = []
  readonly server: Server
  #listener: ((event: { readonly data: unknown }) => void) | undefined
  #waiting: { readonly fits: (one: FromHost) => boolean; readonly resolve: (one: FromHost) => void }[] = []

  constructor() {
    const port: HostPort = {
      postMessage: (message) => {
        const copy = structuredClone(message)
        this.heard.push(copy)
        for (const { fits, resolve } of this.#waiting) if (fits(copy)) resolve(copy)
      },
      on: (_event, listener) => {
        this.#listener = listener
      },
    }
    this.server = new Server({ port, log: (sentence) => this.log.push(sentence) })
  }

  say(message: ToHost): void {
    this.#listener?.({ data: message })
  }

  ask(id: number, method: string, params: unknown = {}): Promise<FromHost> {
    const reply = new Promise<FromHost>((resolve) => {
      this.#waiting.push({ fits: (one) => one.kind === 'reply' && one.id === id, resolve })
    })
    this.say({ kind: 'request', id, method, params })
    return reply
  }
}

describe('the server of the host', () => {
  it('says that it is ready, and answers by method', async () => {
    const main = new Main()
    main.server.start(gather({ double: (params: number) => Promise.resolve(params * 2) }))
    expect(main.heard).toEqual([{ kind: 'ready' }])
    expect(await main.ask(1, 'double', 4)).toEqual({ kind: 'reply', id: 1, envelope: { ok: true, value: 8 } })
    expect(await main.ask(2, 'triple')).toMatchObject({ envelope: { ok: false, error: { code: 'ipc.refused' } } })
  })

  it('goes on after requests that failed, whatever they threw', async () => {
    const main = new Main()
    const fails = {
      rejects: () => Promise.reject(new EngineError('store.full')),
      throws: () => {
        throw new TypeError('of a mail about money')
      },
      uncloneable: () => Promise.resolve(() => 1),
    }
    main.server.start(gather(fails))
    expect(await main.ask(1, 'rejects')).toMatchObject({ envelope: { error: { code: 'store.full' } } })
    expect(await main.ask(2, 'throws')).toMatchObject({ envelope: { error: { code: 'internal' } } })
    expect(await main.ask(3, 'uncloneable')).toMatchObject({ envelope: { error: { code: 'internal' } } })
    expect(main.log.join()).toMatch(/^throws: TypeError at /)
    expect(main.log.join()).not.toContain('money')
  })

  it('gives up what nobody waits for, and still answers', async () => {
    const main = new Main()
    const waits = (_params: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('the socket was closed')))
      })
    main.server.start(gather({ waits }))
    const reply = main.ask(1, 'waits')
    main.say({ kind: 'abort', id: 1 })
    expect(await reply).toMatchObject({ envelope: { ok: false, error: { code: 'cancelled' } } })
  })

  it('asks for a sign-in window, and takes that back', async () => {
    const main = new Main()
    main.server.start(gather())
    const page = { url: 'https://login.example/', redirectUri: 'http://localhost' }
    const first = main.server.openSignInWindow(page, undefined)
    main.say({ kind: 'answer', id: 1, answer: { outcome: 'closed' } })
    expect(await first).toEqual({ outcome: 'closed' })
    const controller = new AbortController()
    const second = main.server.openSignInWindow(page, controller.signal)
    controller.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(main.heard.slice(-2)).toEqual([
      { kind: 'ask', id: 2, question: 'openSignInWindow', params: page },
      { kind: 'withdraw', id: 2 },
    ])
  })

  it('has one answer to each question', () => {
    const one = { 'operations.list': () => Promise.resolve([]) }
    expect(() => gather(one, one)).toThrow('two answers to operations.list')
  })
})
