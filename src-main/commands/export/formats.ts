import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { filledText, record } from '../../graph/item/fields.ts'
import { propertiesOf } from '../../graph/item/metadata.ts'
import { AttachmentWriter, filesOfEvent, filesOfTask } from './attached-files.ts'
import { calendarFile } from './calendar-file.ts'
import { contactCard } from './contact-card.ts'
import { csvFile } from './csv.ts'
import type { ExportPlace } from './export-place.ts'
import { mboxEntry } from './mbox.ts'
import type { GrowingFile } from '../parts/new-file.ts'
import type { ExportItem, StoredContainer } from './stored-items.ts'
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
  readonly write: (container: StoredContainer, place: ExportPlace) => Promise<ContainerOutcome>
}

const NOTHING: ContainerOutcome = { items: 0, skipped: 0 }
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

function writeMails(container: StoredContainer, place: ExportPlace): Promise<ContainerOutcome> {
  return writeContents(container, place, (item) => [peopleName(item), '.eml'])
}

/** Contents one by one; one that is damaged leaves no file. */
async function writeContents(
  container: StoredContainer,
  { target, failures, signal }: ExportPlace,
  nameOf: (item: ExportItem) => readonly [stem: string, extension: string],
): Promise<ContainerOutcome> {
  let items = 0
  for await (const item of container.items()) {
    const { content } = item
    if (content === undefined) continue
    const [stem, extension] = nameOf(item)
    const written = await failures.tolerate(item.path, () =>
      target.write(container.names, stem, extension, (file) => copy(content, file, signal)),
    )
    if (written !== undefined) items++
  }
  return { items, skipped: 0 }
}

async function copy(content: StoredFile, file: GrowingFile, signal: AbortSignal): Promise<void> {
  for await (const part of content.stream(signal)) await file.append(part)
}

/** The folder in one file, message after message: none is larger than what Exchange takes. */
async function writeMbox(container: StoredContainer, place: ExportPlace): Promise<ContainerOutcome> {
  let items = 0
  const entries = mboxEntries(container, place)
  const first = await entries.next()
  if (first.done === true) return NOTHING
  const isWritten = await writeContainer(container, place, '.mbox', async (file) => {
    for (let next: IteratorResult<Buffer, void> = first; next.done !== true; next = await entries.next()) {
      await file.append(next.value)
      items++
    }
  })
  return isWritten ? { items, skipped: 0 } : NOTHING
}

async function* mboxEntries(
  container: StoredContainer,
  { failures, signal }: ExportPlace,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const { path, content, metadata } of container.items()) {
    if (content === undefined) continue
    const entry = await failures.tolerate(path, async () => {
      const properties = await metadata()
      const { time } = container.describer.row(properties, content.size)
      return mboxEntry(await content.bytes(signal), senderOf(properties), time)
    })
    if (entry !== undefined) yield entry
  }
}

function senderOf(metadata: JsonObject): string | undefined {
  const properties = propertiesOf(metadata)
  const sender = record(properties, 'sender') ?? record(properties, 'from') ?? {}
  return filledText(record(sender, 'emailAddress') ?? {}, 'address')
}

/** Events or tasks, with their attachments. */
async function writeCalendar(container: StoredContainer, place: ExportPlace): Promise<ContainerOutcome> {
  const [folders, name] = placeOf(container)
  const isTasks = container.describer.type === TASKS
  const attachments = new AttachmentWriter(place, folders, name)
  const objects: JsonObject[] = []
  for await (const item of container.items()) {
    const properties = await propertiesOfItem(item, place)
    if (properties === undefined) continue
    objects.push(properties)
    await attachments.add(item, isTasks ? filesOfTask(properties) : filesOfEvent(properties))
  }
  if (objects.length === 0) return NOTHING
  const title = calledName(container) ?? name
  const { text, skipped } = isTasks
    ? { text: taskFile(title, objects, attachments.lines), skipped: 0 }
    : calendarFile(title, objects, attachments.lines)
  const isWritten = await writeContainer(container, place, '.ics', (file) => file.append(Buffer.from(text)))
  return isWritten ? { items: objects.length - skipped, skipped } : NOTHING
}

/** A contact whose photo is damaged comes without it. */
async function writeCards(container: StoredContainer, place: ExportPlace): Promise<ContainerOutcome> {
  const { failures, signal } = place
  const cards: string[] = []
  for await (const { path, metadata, content } of container.items()) {
    const stored = await failures.tolerate(path, metadata)
    if (stored === undefined) continue
    const photo = content === undefined ? undefined : await failures.tolerate(path, () => content.bytes(signal))
    cards.push(contactCard(propertiesOf(stored), filledText(stored, 'o365:Name') ?? '', photo))
  }
  if (cards.length === 0) return NOTHING
  const isWritten = await writeContainer(container, place, '.vcf', (file) => file.append(Buffer.from(cards.join(''))))
  return isWritten ? { items: cards.length, skipped: 0 } : NOTHING
}

async function writeTable(container: StoredContainer, place: ExportPlace): Promise<ContainerOutcome> {
  const objects: JsonObject[] = []
  for await (const item of container.items()) {
    const properties = await propertiesOfItem(item, place)
    if (properties !== undefined) objects.push(properties)
  }
  if (objects.length === 0) return NOTHING
  const isWritten = await writeContainer(container, place, '.csv', (file) => file.append(Buffer.from(csvFile(objects))))
  return isWritten ? { items: objects.length, skipped: 0 } : NOTHING
}

/** Files under their own names, in their own folders. */
function writeFiles(container: StoredContainer, place: ExportPlace): Promise<ContainerOutcome> {
  return writeContents(container, place, ({ name }) => {
    const dot = name.lastIndexOf('.')
    return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  })
}

async function propertiesOfItem(
  { path, metadata }: ExportItem,
  { failures }: ExportPlace,
): Promise<JsonObject | undefined> {
  const stored = await failures.tolerate(path, metadata)
  return stored === undefined ? undefined : propertiesOf(stored)
}

/** The file of a whole container; false if it could not be written. */
async function writeContainer(
  container: StoredContainer,
  { target, failures }: ExportPlace,
  extension: string,
  fill: (file: GrowingFile) => Promise<void>,
): Promise<boolean> {
  const [folders, name] = placeOf(container)
  const written = await failures.tolerate(container.path, () => target.write(folders, name, extension, fill))
  return written !== undefined
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
