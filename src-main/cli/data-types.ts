import type { Clock } from '../engine/ports/clock.ts'
import type { DataTypeReader, ItemDescriber } from '../engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../engine/ports/restore-target.ts'
import type { GraphClient } from '../graph/client/types.ts'
import { mailDescriber, mailReader } from '../graph/mail/reader.ts'
import { mailRestorer } from '../graph/mail/restorer.ts'
import { UsageError } from './usage-error.ts'

/** A data type that is backed up and restored. */
interface DataType {
  /** As in --office365-included-user-types. */
  readonly userType: string
  readonly describer: ItemDescriber
  readonly reader: (client: GraphClient) => DataTypeReader
  readonly restorer: (client: GraphClient, clock: Clock) => DataTypeRestorer
}

const dataTypes: readonly DataType[] = [
  { userType: 'Mailbox', describer: mailDescriber, reader: mailReader, restorer: mailRestorer },
]

export const describers: readonly ItemDescriber[] = dataTypes.map(({ describer }) => describer)

export function readersOf(userTypes: readonly string[], client: GraphClient): readonly DataTypeReader[] {
  return dataTypes.filter(({ userType }) => userTypes.includes(userType)).map(({ reader }) => reader(client))
}

export function restorersOf(client: GraphClient, clock: Clock): readonly DataTypeRestorer[] {
  return dataTypes.map(({ restorer }) => restorer(client, clock))
}

/** The folder of a type that a person names: "mail", "mailbox" or "Mailbox". Throws UsageError. */
export function typeFolder(text: string): string {
  const word = text.toLowerCase()
  const found = dataTypes.find(({ userType, describer: { type, folder } }) =>
    [userType, type, folder].some((name) => name.toLowerCase() === word),
  )
  if (found === undefined)
    throw new UsageError(`--type: "${text}" is no type; there is ${describers.map(({ type }) => type).join(', ')}.`)
  return found.describer.folder
}
