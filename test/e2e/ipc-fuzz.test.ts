import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { methods, type MethodName } from '../../src-shared/ipc/index.ts'
import { ask } from './support/ask.ts'
import { addPlan, signInApplication } from './support/command-line.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { canBackUp } from './support/tray.ts'

const SEED = 20_261_121
const CALLS_OF_EACH = 12

interface Holdfast {
  invoke(method: unknown, params: unknown): Promise<unknown>
}
type OwnWindow = typeof globalThis & { readonly holdfast: Holdfast }

/** What JSON cannot say travels by its name and is made in the page. */
const special = ['nothing', 'function', 'circle', 'bytes', 'date', 'map', 'big', 'deep', 'hole'] as const

/** A value of a field: a wrong one, or one that may even do. Paths lead nowhere but below `folder`. */
function values(folder: string): fc.Arbitrary<unknown> {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${folder}/${text.replaceAll(/[/\0.]/g, '_')}`),
    fc.constantFrom('', '\0', '__proto__', 'firm', 'folder', 'user', 'onedrivev2://x?authid=none', 'a'.repeat(64)),
  )
  const simple = fc.oneof(
    texts,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(...special).map((name) => ({ '\u0000special': name })),
  )
  return fc.oneof(simple, fc.array(simple, { maxLength: 4 }), fc.dictionary(fc.constantFrom(...words), simple))
}

const words = ['kind', 'name', 'id', 'path', 'place', 'constructor', 'hours', 'from', 'to']

function fieldsOf(method: MethodName): readonly string[] {
  return Object.keys((methods[method].params as { readonly shape?: object }).shape ?? {})
}

/** Params of a method: nonsense, or its own fields with anything in them. */
function paramsOf(method: MethodName, folder: string): fc.Arbitrary<unknown> {
  const fields = fieldsOf(method)
  const value = values(folder)
  const own = fc.record(Object.fromEntries(fields.map((name) => [name, value])), { requiredKeys: [] })
  const more = fc.tuple(own, fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 2 }))
  return fc.oneof(
    value,
    own,
    more.map(([one, other]) => ({ ...one, ...other })),
  )
}

/** What would do just what it says is another test's. */
function isHarmless(method: MethodName, params: unknown): boolean {
  const ends = method === 'app.quit' || method === 'app.installUpdate'
  return !ends || (typeof params === 'object' && params !== null && Object.keys(params).length > 0)
}

type Call = readonly [method: string, params: unknown]

/** Calls one after the other, as the page can; gives what each was answered with. */
async function invokeAll(page: Page, calls: readonly Call[]): Promise<readonly unknown[]> {
  return await page.evaluate(async (all) => {
    const circle: Record<string, unknown> = {}
    circle.circle = circle
    const made: Readonly<Record<string, () => unknown>> = {
      nothing: () => undefined,
      function: () => () => 1,
      circle: () => circle,
      bytes: () => new Uint8Array(9),
      date: () => new Date(0),
      map: () => new Map([['a', 1]]),
      big: () => 10n,
      // Deeper ones do not get past the bridge.
      deep: () => Array.from({ length: 600 }).reduce<unknown>((inner) => [inner], 1),
      long: () => 'x'.repeat(5_000_000),
      hole: () => new Array<unknown>(5),
    }
    const revive = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value
      if (Array.isArray(value)) return value.map(revive)
      const name = (value as Record<string, unknown>)['\u0000special']
      if (typeof name === 'string') return made[name]?.()
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]))
    }
    const answers: unknown[] = []
    for (const [method, params] of all) {
      const { holdfast } = globalThis as OwnWindow
      try {
        answers.push(await holdfast.invoke(method, revive(params)))
      } catch (error) {
        answers.push(`threw ${String(error)}`)
      }
    }
    // Answers themselves are not looked into here.
    return answers.map((answer) => {
      if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return answer
      return answer.ok === true ? { ok: true, hasValue: 'value' in answer } : answer
    })
  }, calls)
}

function isEnvelope(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false
  if (answer.ok === true) return 'hasValue' in answer && answer.hasValue === true
  const { error } = answer as { readonly error?: { code?: unknown; params?: unknown; retry?: unknown } }
  return typeof error?.code === 'string' && typeof error.params === 'object' && typeof error.retry === 'string'
}

test('whatever the page sends, main and the engine answer in envelopes and go on', async () => {
  const desktop = await Desktop.set()
  await signInApplication(desktop)
  await addPlan(desktop, { account: 'firm', user: ada })
  const app = await desktop.start()
  const page = await mainWindow(app)
  await canBackUp(app)
  const before = await app.recorded()
  const nowhere = desktop.path('nowhere')
  const counts = new Map<string, number>()
  for (const method of Object.keys(methods) as MethodName[]) {
    const given = fc
      .sample(paramsOf(method, nowhere), { seed: SEED, numRuns: CALLS_OF_EACH })
      .filter((params) => isHarmless(method, params))
    const answers = await invokeAll(
      page,
      given.map((params) => [method, params]),
    )
    expect(answers.filter((answer) => !isEnvelope(answer)).slice(0, 3), method).toEqual([])
    for (const answer of answers) {
      const { ok, error } = answer as { readonly ok: boolean; readonly error?: { readonly code: string } }
      const word = ok ? 'answered' : (error?.code ?? '')
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  const names = fc.sample(fc.oneof(fc.string(), fc.constantFrom('host.stop', 'kit.make', 'schedule.due', 'toString')), {
    seed: SEED,
    numRuns: 40,
  })
  // More than main takes.
  const long = await invokeAll(page, [['app.copy', { text: { '\u0000special': 'long' } }]])
  expect(long).toMatchObject([{ error: { code: 'ipc.malformed' } }])
  const unknown = await invokeAll(
    page,
    names.map((name) => [name, {}]),
  )
  expect(unknown).toEqual(
    names.map(() => ({ ok: false, error: { code: 'ipc.malformed', params: {}, retry: 'never' } })),
  )
  console.log(`answers: ${[...counts].map(([word, count]) => `${word} ${String(count)}`).join(', ')}`)
  expect(counts.get('ipc.malformed') ?? 0).toBeGreaterThan(100)
  expect(counts.get('internal') ?? 0).toBe(0)

  const after = await app.recorded()
  expect(after.hosts.map(({ pid, running }) => [pid, running])).toEqual(
    before.hosts.map(({ pid, running }) => [pid, running]),
  )
  expect(await ask(page, 'plans.list', {})).toHaveLength(1)
  expect(await app.close()).toEqual({ code: 0, signal: null })
})

test('a frame in the page has no way to main, and another page is refused', async () => {
  const desktop = await Desktop.set()
  const app = await desktop.start()
  const page = await mainWindow(app)
  const { url } = await ask(page, 'preview.frame', { html: '<p>Hello</p>', remote: false, dark: false })
  const inFrames = await page.evaluate(async (address) => {
    const seen: string[] = []
    for (const src of [address, 'about:blank']) {
      const frame = document.createElement('iframe')
      if (src !== 'about:blank') frame.setAttribute('sandbox', 'allow-same-origin')
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
      frame.src = src
      document.body.append(frame)
      await loaded
      try {
        seen.push(typeof (frame.contentWindow as unknown as { holdfast?: unknown } | null)?.holdfast)
      } catch (error) {
        seen.push(error instanceof DOMException ? error.name : String(error))
      }
    }
    return seen
  }, url)
  for (const seen of inFrames) expect(['undefined', 'SecurityError']).toContain(seen)

  const main = page.mainFrame()
  await main.goto('about:blank')
  const answer = await main.evaluate(() => (globalThis as OwnWindow).holdfast.invoke('app.info', {}))
  expect(answer).toEqual({ ok: false, error: { code: 'ipc.refused', params: {}, retry: 'never' } })
  await app.close()
})
