import type { z } from 'zod'
import { hostTopics } from '../../src-shared/ipc/contract/internal.ts'

type HostTopic = keyof typeof hostTopics

/** What the engine host tells by itself. */
export type HostTold = {
  [Topic in HostTopic]: { readonly topic: Topic; readonly value: z.infer<(typeof hostTopics)[Topic]> }
}[HostTopic]

/** Undefined for what the contract does not know. */
export function readHostTopic(topic: string, value: unknown): HostTold | undefined {
  if (!Object.hasOwn(hostTopics, topic)) return undefined
  const read = hostTopics[topic as HostTopic].safeParse(value)
  return read.success ? ({ topic, value: read.data } as HostTold) : undefined
}
