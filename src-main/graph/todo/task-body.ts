import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemBody, ListedItem, Part } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, list, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { partNames } from '../item/names.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { extensionsIn, plainEntries } from './extensions.ts'
import { expandable } from './task-properties.ts'

/**
 * What a new or changed task has beside what the listing gave: its extensions, its files where it says it has some, its
 * checklist and links where the listing could not bring them. One round trip, and one per file.
 */
export async function taskBody(mailbox: Mailbox, list: string, item: ListedItem): Promise<ItemBody> {
  const path = graphPath`/users/${mailbox.user}/todo/lists/${list}/tasks/${item.id}`
  const missing = expandable.filter((name) => !Array.isArray(item.properties[name]))
  const hasFiles = item.properties.hasAttachments === true
  const names = ['extensions', ...missing, ...(hasFiles ? ['attachments'] : [])]
  const options = { pool: mailboxPool(mailbox.user), signal: mailbox.signal }
  const answers = await mailbox.client.batch(
    names.map((name) => ({ path: `${path}/${name}` })),
    options,
  )
  const extensions = await extensionsIn(mailbox, answers[0])
  const rest = names.slice(1)
  const read = await Promise.all(
    rest.map(async (name, at) => [name, await plainEntries(mailbox, answers[at + 1])] as const),
  )
  const properties: JsonObject = {
    ...item.properties,
    ...(extensions === undefined ? {} : { extensions }),
    ...Object.fromEntries(read),
  }
  return { properties, parts: fileParts(mailbox, path, properties, item.previous) }
}

/** The files of a stored task, with the names of the parts that hold them. */
export function namedFiles(properties: JsonObject): readonly { readonly file: JsonObject; readonly part: string }[] {
  const files = (list(properties, 'attachments') ?? []).filter(isObject)
  const names = partNames(files.map((file) => text(file, 'name') ?? ''))
  return files.map((file, index) => ({ file, part: names[index] ?? '' }))
}

function fileParts(
  mailbox: Mailbox,
  task: string,
  properties: JsonObject,
  previous: JsonObject | undefined,
): readonly Part[] {
  const before = new Set(namedFiles(propertiesOf(previous ?? {})).map(sameness))
  return namedFiles(properties).map((named) => ({
    name: named.part,
    unchanged: before.has(sameness(named)),
    open: (signal) => readFile({ ...mailbox, signal }, task, text(named.file, 'id') ?? ''),
  }))
}

/** Equal for a file that was stored under this name before. */
function sameness({ file, part }: ReturnType<typeof namedFiles>[number]): string {
  return JSON.stringify([part, file.id ?? null, file.size ?? null, file.lastModifiedDateTime ?? null])
}

/** Files of tasks have 25 MB at most. */
async function readFile({ client, user, signal }: Mailbox, task: string, id: string): Promise<Uint8Array> {
  const path = `${task}${graphPath`/attachments/${id}/$value`}`
  return await client.bytes({ path, pool: mailboxPool(user), signal })
}
