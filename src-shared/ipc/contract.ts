import type { z } from 'zod'
import { accountMethods } from './contract/accounts.ts'
import { appMethods } from './contract/app.ts'
import { browseMethods } from './contract/browse.ts'
import { destinationMethods } from './contract/destinations.ts'
import { directoryMethods } from './contract/directory.ts'
import { operationMethods } from './contract/operations.ts'
import { planMethods } from './contract/plans.ts'
import { restoreMethods } from './contract/restore.ts'
import { topics } from './contract/topics.ts'

/** Everything that the window can ask for. */
export const methods = {
  ...appMethods,
  ...accountMethods,
  ...directoryMethods,
  ...destinationMethods,
  ...planMethods,
  ...operationMethods,
  ...browseMethods,
  ...restoreMethods,
} as const

export type MethodName = keyof typeof methods
type NamesBy<By> = { [Name in MethodName]: (typeof methods)[Name]['by'] extends By ? Name : never }[MethodName]
/** Answered by main itself. */
export type ShellMethod = NamesBy<'shell'>
/** Answered by the engine host. */
export type HostMethod = NamesBy<'host'>
export type ParamsOf<Name extends MethodName> = z.infer<(typeof methods)[Name]['params']>
export type ValueOf<Name extends MethodName> = z.infer<(typeof methods)[Name]['value']>

export type TopicName = keyof typeof topics
export type EventOf<Topic extends TopicName> = z.infer<(typeof topics)[Topic]>
