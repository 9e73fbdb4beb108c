import { formatMoment } from '../../../../src-shared/text/amounts.ts'
import type { JsonObject } from '../../../engine/model/json.ts'
import { instantOf } from '../../../graph/calendar/zoned-time.ts'
import { filledText, isObject, list, record, text } from '../../../graph/item/fields.ts'
import { namedFiles } from '../../../graph/todo/task-body.ts'
import { filePart } from '../parts.ts'
import { fieldWords as words, stateWords } from '../words.ts'
import { bodyHtml, textHtml } from './body-html.ts'
import { field, momentField, valueText, type Field } from './field-list.ts'
import { repetitionOf } from './repetition.ts'
import type { MakePreview } from './preview.ts'

/** A task of To Do. */
export const previewTask: MakePreview = ({ properties, title, parts }) => {
  const names = new Map(namedFiles(properties).map(({ file, part }) => [part, text(file, 'name')]))
  return Promise.resolve({
    kind: 'task',
    title: text(properties, 'title') ?? title,
    state: stateWords[text(properties, 'status') ?? ''] ?? '',
    fields: [
      ...zonedDay(words.due, properties, 'dueDateTime'),
      ...zonedDay(words.start, properties, 'startDateTime'),
      ...zonedDay(words.completed, properties, 'completedDateTime'),
      ...zonedMoment(words.reminder, properties, 'reminderDateTime'),
      ...field(words.importance, text(properties, 'importance')),
      ...field(words.repeats, repetitionOf(record(properties, 'recurrence'))),
      ...field(words.categories, valueText(properties.categories)),
      ...objects(properties, 'linkedResources').flatMap((one) =>
        field(words.link, filledText(one, 'webUrl') ?? filledText(one, 'displayName')),
      ),
    ],
    checklist: objects(properties, 'checklistItems').map((step) => ({
      text: text(step, 'displayName') ?? '',
      done: step.isChecked === true,
    })),
    html: bodyHtml(record(properties, 'body')),
    parts: parts.map((file) => filePart(file, names.get(file.name) ?? file.name)),
  })
}

/** A task of Planner. */
export const previewPlannerTask: MakePreview = ({ properties, title, parts }) => {
  const details = record(properties, 'details') ?? {}
  const description = text(details, 'description') ?? ''
  const percent = typeof properties.percentComplete === 'number' ? properties.percentComplete : 0
  return Promise.resolve({
    kind: 'task',
    title: text(properties, 'title') ?? title,
    state: stateOf(percent),
    fields: [
      ...momentField(words.due, properties, 'dueDateTime'),
      ...momentField(words.start, properties, 'startDateTime'),
      ...momentField(words.completed, properties, 'completedDateTime'),
      ...momentField(words.created, properties, 'createdDateTime'),
      ...field(words.by, valueText(properties.createdBy)),
      ...field(words.progress, percent > 0 ? `${percent} %` : ''),
      ...Object.entries(record(details, 'references') ?? {}).flatMap(([address, reference]) =>
        field(
          words.link,
          [isObject(reference) ? text(reference, 'alias') : '', decoded(address)].filter(Boolean).join(': '),
        ),
      ),
    ],
    checklist: Object.values(record(details, 'checklist') ?? {})
      .filter(isObject)
      .map((step) => ({ text: text(step, 'title') ?? '', done: step.isChecked === true })),
    html: description === '' ? null : textHtml(description),
    parts: parts.map((file) => filePart(file)),
  })
}

function stateOf(percent: number): string {
  const state = percent >= 100 ? 'completed' : percent > 0 ? 'inProgress' : 'notStarted'
  return stateWords[state] ?? ''
}

function objects(properties: JsonObject, name: string): readonly JsonObject[] {
  return (list(properties, name) ?? []).filter(isObject)
}

/** A day; To Do writes the midnight with which it begins where the person is. */
function zonedDay(label: string, properties: JsonObject, name: string): readonly Field[] {
  return zonedMoment(label, properties, name).map(({ value }) => ({ label, value: value.slice(0, 10) }))
}

function zonedMoment(label: string, properties: JsonObject, name: string): readonly Field[] {
  const value = record(properties, name)
  const at = value === undefined ? undefined : instantOf(value)
  return at === undefined ? [] : field(label, formatMoment(at))
}

/** Planner keeps addresses in percent escapes. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch (error) {
    if (error instanceof URIError) return address
    throw error
  }
}
