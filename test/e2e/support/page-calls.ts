import type { Page } from 'playwright-core'
import type { EventOf, MethodName, ParamsOf, TopicName, ValueOf } from '../../../src-shared/ipc/index.ts'
import type { Envelope } from '../../../src-shared/ipc/errors.ts'

interface Holdfast {
  invoke(method: string, params: unknown): Promise<unknown>
  subscribe(topic: string, listener: (value: never) => void): () => void
}
type OwnWindow = typeof globalThis & { readonly holdfast: Holdfast }

/** Asks what the page can ask, through the page. Fails with the error's code if it is refused. */
export async function call<Name extends MethodName>(
  page: Page,
  method: Name,
  params: ParamsOf<Name>,
): Promise<ValueOf<Name>> {
  const asked = { method, params }
  const answer = await page.evaluate(
    ({ method: name, params: given }) => (globalThis as OwnWindow).holdfast.invoke(name, given),
    asked as { method: string; params: unknown },
  )
  const envelope = answer as Envelope<ValueOf<Name>>
  if (!envelope.ok) throw new Error(`${method} was answered with ${envelope.error.code}`)
  return envelope.value
}

/** Begins to listen; what it gives waits for the next event of the topic. */
export async function nextEvent<Topic extends TopicName>(
  page: Page,
  topic: Topic,
): Promise<() => Promise<EventOf<Topic>>> {
  const handle = await page.evaluateHandle((name) => {
    const event = new Promise((resolve) => {
      const stop = (globalThis as OwnWindow).holdfast.subscribe(name, (value: unknown) => {
        resolve(value)
        stop()
      })
    })
    return { event }
  }, topic)
  return async () => (await handle.evaluate(({ event }) => event)) as EventOf<Topic>
}

/** Resolves once a job of the page's program has done its first items. */
export async function itemsDone(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const stop = (globalThis as OwnWindow).holdfast.subscribe(
          'activity',
          ({ jobs }: { jobs: readonly { progress: { items: number } | null }[] }) => {
            if (!jobs.some(({ progress }) => (progress?.items ?? 0) > 0)) return
            resolve()
            stop()
          },
        )
      }),
  )
}
