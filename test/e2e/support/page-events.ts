import type { Page } from 'playwright-core'
import type { EventOf, TopicName } from '../../../src-shared/ipc/index.ts'

interface Holdfast {
  invoke(method: string, params: unknown): Promise<unknown>
  subscribe(topic: string, listener: (value: never) => void): () => void
}
type OwnWindow = typeof globalThis & { readonly holdfast: Holdfast }

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

/** Resolves once an operation of the page's program has done its first items. */
export async function itemsDone(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const stop = (globalThis as OwnWindow).holdfast.subscribe(
          'activity',
          ({ operations }: { operations: readonly { progress: { items: number } | null }[] }) => {
            if (!operations.some(({ progress }) => (progress?.items ?? 0) > 0)) return
            resolve()
            stop()
          },
        )
      }),
  )
}

/** Begins to look; what it gives waits until the page has shown such an alert, though it may be gone again. */
export async function alertTold(page: Page, words: string): Promise<() => Promise<void>> {
  const handle = await page.evaluateHandle((text) => {
    const isThere = (): boolean =>
      [...document.querySelectorAll('[role="alert"]')].some(({ textContent }) => textContent.includes(text))
    const told = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!isThere()) return
        observer.disconnect()
        resolve()
      })
      observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    })
    return { told }
  }, words)
  return async () => await handle.evaluate(({ told }) => told)
}

/** Resolves once a field of what the topic tells has that value; listens from now on. */
export async function eventWhere<Topic extends TopicName>(
  page: Page,
  topic: Topic,
  field: keyof EventOf<Topic> & string,
  value: string | number | boolean | null,
): Promise<void> {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const stop = (globalThis as OwnWindow).holdfast.subscribe(wanted.topic, (told: Record<string, unknown>) => {
          if (told[wanted.field] !== wanted.value) return
          resolve()
          stop()
        })
      }),
    { topic, field, value },
  )
}
