import type { z } from 'zod'
import { internalMethods } from '../../src-shared/ipc/contract/internal.ts'
import { methods, type HostMethod, type ParamsOf, type ValueOf } from '../../src-shared/ipc/contract.ts'
import type { Envelope } from '../../src-shared/ipc/errors.ts'
import { IpcFailure } from './ipc-failure.ts'

type InternalMethod = keyof typeof internalMethods
type InternalParams<Name extends InternalMethod> = z.infer<(typeof internalMethods)[Name]['params']>
type InternalValue<Name extends InternalMethod> = z.infer<(typeof internalMethods)[Name]['value']>

/** What main itself asks of the engine host. Rejects with an IpcFailure. */
export interface HostQuestions {
  internal<Name extends InternalMethod>(name: Name, params: InternalParams<Name>): Promise<InternalValue<Name>>
  contract<Name extends HostMethod>(name: Name, params: ParamsOf<Name>): Promise<ValueOf<Name>>
}

export function createHostQuestions(
  request: (method: string, params: unknown) => Promise<Envelope<unknown>>,
): HostQuestions {
  const ask = async (method: string, params: unknown, value: z.ZodType): Promise<unknown> => {
    const envelope = await request(method, params)
    if (!envelope.ok) throw new IpcFailure(envelope.error)
    return value.parse(envelope.value)
  }
  return {
    internal: async (name, params) =>
      (await ask(name, params, internalMethods[name].value)) as InternalValue<typeof name>,
    contract: async (name, params) => (await ask(name, params, methods[name].value)) as ValueOf<typeof name>,
  }
}
