import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, record } from '../../graph/item/fields.ts'
import { propertiesOf } from '../../graph/item/metadata.ts'
import { AttachmentWriter, filesOfEvent, filesOfTask } from './attached-files.ts'
import { calendarFile } from './calendar-file.ts'
import { contactCard } from './contact-card.ts'
import { csvFile } from './csv.ts'
import { mboxEntry } from './mbox.ts'
import type { ExportItem, StoredContainer } from './stored-items.ts'
import type { TargetFiles } from './target-files.ts'
import { taskFile } from './task-file.ts'

/** Formats that items are written in, one by one or a container in a file. */
export type ItemFormat = 'eml' | 'mbox' | 'ics' | 'vcf' | 'csv' | 'files'

export interface ContainerOutcome {
  readonly items: number
  /** Items that the format cannot say. */
  readonly skipped: number
}

interface Format {
  /** Whether items of a data type have that form. */
  readonly takes: (describer: ItemDescriber) => boolean
  readonly write: (container: StoredContainer, target: TargetFiles, signal: AbortSignal) => Promise<ContainerOutcome>
}

const TASKS = 'tasks'
const SHORT_ID = / ~[a-z2-7]{10}(-\d+)?$/

export const formats: Readonly<Record<ItemFormat, Format>> = {
  eml: { takes: isMail, write: writeMails },
  mbox: { takes: isMail, write: writeMbox },
  ics: { takes: ({ type }) => type === 'calendar' || type === TASKS, write: writeCalendar },
  vcf: { takes: ({ type }) => type === 'contacts', write: writeCards },
  csv: { takes: (describer) => describer.layout === 'beside' && !isMail(describer), write: writeTable },
  files: { takes: ({ layout }) => layout === 'apart', write: writeFiles },
}

function isMail({ contentExtension }: ItemDescriber): boolean {
  return contentExtension === '.eml'
}

async function writeMails(
  container: StoredContainer,
  target: TargetFiles,
  signal: AbortSignal,
): Promise<ContainerOutcome> {
  let items = 0
  for await (const item of container.items()) {
    const { content } = item
    if (content === undefined) continue
    await target.write(container.names, peopleName(item), '.eml', async (append) => {
      for await (const part of content.stream(signal)) await append(part)
    })
    items++
  }
  return { items, skipped: 0 }
}

/** The folder in one file, message after message: none is larger than what Exchange takes. */
async function writeMbox(
  container: StoredContainer,
  target: TargetFiles,
  signal: AbortSignal,
): Promise<ContainerOutcome> {
  let items = 0
  const messages = container.items()
  const first = await messages.next()
  if (first.done === true) return { items, skipped: 0 }
  const [folders, name] = placeOf(container)
  await target.write(folders, name, '.mbox', async (append) => {
    for (let next: IteratorResult<ExportItem, void> = first; next.done !== true; next = await messages.next()) {
      const { content, metadata } = next.value
      if (content === undefined) continue
      const { time } = container.describer.row(metadata, content.size)
      await append(mboxEntry(await content.bytes(signal), senderOf(metadata), time))
      items++
    }
  })
  return { items, skipped: 0 }
}

function senderOf(metadata: JsonObject): string | undefined {
  const properties = propertiesOf(metadata)
  const sender = record(properties, 'sender') ?? record(properties, 'from') ?? {}
  return filledText(record(sender, 'emailAddress') ?? {}, 'address')
}

/** Events or tasks, with their attachments. */
async function writeCalendar(
  container: StoredContainer,
  target: TargetFiles,
  signal: AbortSignal,
): Promise<ContainerOutcome> {
  const [folders, name] = placeOf(container)
  const isTasks = container.describer.type === TASKS
  const attachments = new AttachmentWriter(target, folders, name, signal)
  const objects: JsonObject[] = []
  for await (const item of container.items()) {
    const properties = propertiesOf(item.metadata)
    objects.push(properties)
    await attachments.add(item, isTasks ? filesOfTask(properties) : filesOfEvent(properties))
  }
  if (objects.length === 0) return { items: 0, skipped: 0 }
  const title = calledName(container) ?? name
  const { text, skipped } = isTasks
    ? { text: taskFile(title, objects, attachments.lines), skipped: 0 }
    : calendarFile(title, objects, attachments.lines)
  await target.write(folders, name, '.ics', (append) => append(Buffer.from(text)))
  return { items: objects.length - skipped, skipped }
}

async function writeCards(
  container: StoredContainer,
  target: TargetFiles,
  signal: AbortSignal,
): Promise<ContainerOutcome> {
  const cards: string[] = []
  for await (const { metadata, content } of container.items()) {
    const name = filledText(metadata, 'o365:Name') ?? ''
    cards.push(contactCard(propertiesOf(metadata), name, await content?.bytes(signal)))
  }
  if (cards.length === 0) return { items: 0, skipped: 0 }
  const [folders, name] = placeOf(container)
  await target.write(folders, name, '.vcf', (append) => append(Buffer.from(cards.join(''))))
  return { items: cards.length, skipped: 0 }
}

async function writeTable(container: StoredContainer, target: TargetFiles): Promise<ContainerOutcome> {
  const objects = await propertiesOfItems(container)
  if (objects.length === 0) return { items: 0, skipped: 0 }
  const [folders, name] = placeOf(container)
  await target.write(folders, name, '.csv', (append) => append(Buffer.from(csvFile(objects))))
  return { items: objects.length, skipped: 0 }
}

/** Files under their own names, in their own folders. */
async function writeFiles(
  container: StoredContainer,
  target: TargetFiles,
  signal: AbortSignal,
): Promise<ContainerOutcome> {
  let items = 0
  for await (const { name, content } of container.items()) {
    if (content === undefined) continue
    const dot = name.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    await target.write(container.names, stem, extension, async (append) => {
      for await (const part of content.stream(signal)) await append(part)
    })
    items++
  }
  return { items, skipped: 0 }
}

async function propertiesOfItems(container: StoredContainer): Promise<readonly JsonObject[]> {
  const objects: JsonObject[] = []
  for await (const { metadata } of container.items()) objects.push(propertiesOf(metadata))
  return objects
}

/** The folder that a container's file is in, and its name. */
function placeOf({ names }: StoredContainer): readonly [folders: readonly string[], name: string] {
  return [names.slice(0, -1), peopleName({ name: names.at(-1) ?? '' })]
}

function calledName({ metadata }: StoredContainer): string | undefined {
  return filledText(metadata, 'o365:Name')
}

/** The stored name without what only makes it unique. */
function peopleName({ name }: Pick<ExportItem, 'name'>): string {
  const plain = name.replace(SHORT_ID, '').trim()
  return plain === '' ? name : plain
}
