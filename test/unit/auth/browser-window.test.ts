import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { createBrowserWindow, type BrowserWindowOptions } from '../../../src-main/auth/browser-window.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { failure } from '../graph/client/test-graph.ts'

const page = (redirectUri: string): Promise<string> =>
  Promise.resolve(`https://login.example/authorize?state=mine&redirect_uri=${encodeURIComponent(redirectUri)}`)

interface Opened {
  readonly back: Promise<string>
  /** `http://localhost:<port>`. */
  readonly origin: string
  readonly shown: string
}

async function open(more: Partial<BrowserWindowOptions> = {}, signal?: AbortSignal): Promise<Opened> {
  const opened = Promise.withResolvers<string>()
  const shown = Promise.withResolvers<string>()
  const openBrowser = (address: string): Promise<boolean> => {
    opened.resolve(address)
    return Promise.resolve(true)
  }
  const back = createBrowserWindow({ openBrowser, show: shown.resolve, ...more }).open(page, signal)
  back.catch(() => undefined)
  return { back, origin: new URL(await opened.promise).origin, shown: await shown.promise }
}

async function get(
  address: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const { statusCode, headers, body } = await request(address, { method })
  return { status: statusCode, text: await body.text(), headers }
}

describe('signing in in the browser', () => {
  it('gives the browser a short address that leads to the page', async () => {
    const { back, origin, shown } = await open()
    const started = await get(`${origin}/start`)
    expect([started.status, started.headers.location]).toEqual([302, shown])
    expect(new URL(shown).searchParams.get('redirect_uri')).toBe(origin)
    const answer = `${origin}/?code=abc&state=mine&session_state=x`
    const told = await get(answer)
    expect(told.text).toContain('You can close this window')
    expect(told.headers).toMatchObject({ 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'" })
    expect(await back).toBe(answer)
  })

  it('hands on that the page said no', async () => {
    const { back, origin } = await open()
    await get(`${origin}/?error=access_denied&state=mine`)
    expect(await back).toBe(`${origin}/?error=access_denied&state=mine`)
  })

  it('pays no attention to anything else, and is gone afterwards', async () => {
    const { back, origin } = await open()
    for (const path of [
      '/',
      '/favicon.ico',
      '/?code=abc',
      '/?code=abc&state=theirs',
      '/?state=mine',
      '/other?code=a&state=mine',
    ])
      expect((await get(origin + path)).status).toBe(404)
    expect((await get(`${origin}/?code=abc&state=mine`, 'POST')).status).toBe(405)
    await get(`${origin}/?code=abc&state=mine`)
    await back
    await failure(get(`${origin}/start`))
  })

  it('listens on this machine alone', async () => {
    const aborted = new AbortController()
    const { origin } = await open({}, aborted.signal)
    const { port } = new URL(origin)
    expect((await get(`http://127.0.0.1:${port}/start`)).status).toBe(302)
    aborted.abort()
  })

  it('stops when the user does', async () => {
    const aborted = new AbortController()
    const { back } = await open({}, aborted.signal)
    aborted.abort()
    expect(isEngineError(await failure(back), 'cancelled')).toBe(true)
    const early = createBrowserWindow({ openBrowser: () => Promise.resolve(true), show: () => undefined })
    expect(isEngineError(await failure(early.open(page, aborted.signal)), 'cancelled')).toBe(true)
  })

  it('gives up after a while', async () => {
    const { back } = await open({ timeoutMs: 1 })
    const error = await failure(back)
    expect(isEngineError(error, 'auth.declined') && error.context.reason).toBe('timed-out')
  })

  it('is gone when the page cannot be made', async () => {
    const window = createBrowserWindow({ openBrowser: () => Promise.resolve(true), show: () => undefined })
    let origin = ''
    const work = window.open((redirectUri) => {
      origin = redirectUri
      return Promise.reject(new Error('no page'))
    })
    await failure(work)
    await failure(get(`${origin}/start`))
  })
})
