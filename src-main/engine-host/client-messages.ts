import { z } from 'zod'
import type { Envelope, IpcError } from '../../src-shared/ipc/errors.ts'
import type { FromHost } from './wire.ts'

const id = z.number().int().nonnegative()

/** The code is taken as it is: its sentence is looked up where it is shown. */
const error = z.object({
  code: z.string().max(100),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  retry: z.enum(['never', 'later', 'reauth']),
}) as unknown as z.ZodType<IpcError>

const envelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error }),
]) as unknown as z.ZodType<Envelope<unknown>>

const message: z.ZodType<FromHost> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('reply'), id, envelope }),
  z.object({ kind: z.literal('event'), topic: z.string(), value: z.unknown() }),
  z.object({
    kind: z.literal('ask'),
    id,
    question: z.literal('openSignInWindow'),
    params: z.object({ url: z.string().max(20_000), redirectUri: z.string().max(2000) }),
  }),
  z.object({ kind: z.literal('withdraw'), id }),
])

/** What a message of the host says; undefined for what is none. */
export function readHostMessage(data: unknown): FromHost | undefined {
  const read = message.safeParse(data)
  return read.success ? read.data : undefined
}
