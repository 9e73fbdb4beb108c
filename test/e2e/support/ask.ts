import type { Page } from 'playwright-core'
import {
  methods,
  type Envelope,
  type EventOf,
  type MethodName,
  type ParamsOf,
  type ValueOf,
} from '../../../src-shared/ipc/index.ts'

/** Asks as the page itself asks, through preload and main. Rejects with the code of a failure. */
export async function ask<M extends MethodName>(page: Page, method: M, params: ParamsOf<M>): Promise<ValueOf<M>> {
  const answer = (await page.evaluate(
    ([name, given]) =>
      (
        globalThis as unknown as { holdfast: { invoke(method: string, params: unknown): Promise<unknown> } }
      ).holdfast.invoke(name, given),
    [method, params as unknown] as const,
  )) as Envelope<unknown>
  if (!answer.ok) throw new Error(`${method}: ${answer.error.code} ${JSON.stringify(answer.error.params)}`)
  return methods[method].value.parse(answer.value) as ValueOf<M>
}

type OperationMethod = 'plans.run' | 'restore.start' | 'export.start'
type OperationResult = EventOf<'operationEnded'>

/** Starts an operation and gives what became of it, as the page is told. */
export async function askToEnd<M extends OperationMethod>(
  page: Page,
  method: M,
  params: ParamsOf<M>,
): Promise<OperationResult> {
  // Whoever listens only after the start could miss the end.
  const result = await page.evaluate(
    ([name, given]) =>
      new Promise<unknown>((resolve, reject) => {
        interface Bridge {
          invoke(
            method: string,
            params: unknown,
          ): Promise<{ ok: boolean; value?: { operation: string }; error?: unknown }>
          subscribe(topic: string, listener: (value: { id: string }) => void): () => void
        }
        const { holdfast } = globalThis as unknown as { holdfast: Bridge }
        const ended: { id: string }[] = []
        let operation: string | undefined
        const look = (): void => {
          const found = ended.find(({ id }) => id === operation)
          if (found === undefined) return
          stop()
          resolve(found)
        }
        const stop = holdfast.subscribe('operationEnded', (value) => {
          ended.push(value)
          look()
        })
        holdfast.invoke(name, given).then(
          (answer) => {
            if (answer.value === undefined) {
              reject(new Error(JSON.stringify(answer.error)))
              return
            }
            operation = answer.value.operation
            look()
          },
          (error: unknown) => {
            reject(error instanceof Error ? error : new Error(String(error)))
          },
        )
      }),
    [method, params as unknown] as const,
  )
  return result as OperationResult
}
