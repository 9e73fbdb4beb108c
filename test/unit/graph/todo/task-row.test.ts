import { describe, expect, test } from 'vitest'
import { todoDescriber } from '../../../../src-main/graph/todo/reader.ts'
import { readMark, markJson, sourceOf } from '../../../../src-main/graph/todo/mark.ts'
import { taskJson, weakerForms } from '../../../../src-main/graph/todo/task-json.ts'
import { isPartial, listedProperties } from '../../../../src-main/graph/todo/task-properties.ts'
import { taskMetadata } from '../../../../src-main/graph/todo/task-row.ts'

const task = {
  id: 'AAk=',
  title: 'Plan: the/move',
  createdDateTime: '2026-01-01T10:00:00.0000000Z',
  lastModifiedDateTime: '2026-01-02T10:00:00.0000000Z',
  changeKey: 'W/"1"',
  hasAttachments: true,
  categories: ['Home'],
  body: { contentType: 'html', content: '<p>Boxes &amp; tape</p>' },
  checklistItems: [{ displayName: 'Van' }],
  linkedResources: [{ displayName: 'Offer', webUrl: 'https://contoso.example' }],
  attachments: [{ name: 'plan.txt' }],
}

describe('a stored task', () => {
  test('its row and text', async () => {
    const metadata = taskMetadata(task)
    expect(todoDescriber.row(metadata, 0)).toMatchObject({
      title: 'Plan: the/move',
      time: Date.UTC(2026, 0, 2, 10),
      shard: '',
      hasAttachments: true,
    })
    expect(todoDescriber.row(metadata, 0).name).toMatch(/^Plan_ the_move ~[a-z2-7]{10}$/)
    expect(todoDescriber.identity(metadata)).toEqual({ id: 'AAk=', changeKey: 'W/"1"' })
    const text = await todoDescriber.searchText(metadata, new Uint8Array(0))
    expect(text.split('\n')).toEqual(['Boxes & tape', 'Van', 'Offer', 'https://contoso.example', 'plan.txt', 'Home'])
  })

  test.each([{}, { properties: 5 }, { 'o365:Id': 7, properties: { body: 3, checklistItems: 'x', title: null } }])(
    'foreign metadata %j does no harm',
    async (metadata) => {
      expect(todoDescriber.row(metadata as never, 0)).toMatchObject({ title: '', time: 0 })
      expect(await todoDescriber.searchText(metadata as never, new Uint8Array(0))).toBe('')
    },
  )
})

describe('what a listing gives', () => {
  test('the change key holds the checklist and the links, which the etag need not', () => {
    const entry = { '@odata.etag': 'W/"1"', id: 'a', status: 'notStarted', createdDateTime: '', checklistItems: [] }
    const before = listedProperties(entry)
    expect(before).not.toHaveProperty('@odata.etag')
    expect(listedProperties({ ...entry }).changeKey).toBe(before.changeKey)
    expect(listedProperties({ ...entry, checklistItems: [{ id: '1' }] }).changeKey).not.toBe(before.changeKey)
    expect(isPartial(entry)).toBe(false)
    expect(isPartial({ id: 'a', title: 'x' })).toBe(true)
  })

  test('a list that was cut short is not taken for the whole one', () => {
    const entry = { id: 'a', checklistItems: [{ id: '1' }], 'checklistItems@odata.nextLink': 'https://graph/next' }
    expect(listedProperties(entry)).not.toHaveProperty('checklistItems')
  })
})

describe('the request that creates a task', () => {
  test('what the service computes is left out, and zeros in a recurrence', () => {
    const { json } = taskJson({
      ...task,
      status: 'notStarted',
      completedDateTime: null,
      recurrence: {
        pattern: { type: 'daily', interval: 1, month: 0, dayOfMonth: 0 },
        range: { type: 'noEnd', startDate: '2026-01-01', endDate: '0001-01-01', numberOfOccurrences: 0 },
      },
    })
    expect(Object.keys(json).sort()).toEqual(['body', 'categories', 'linkedResources', 'recurrence', 'status', 'title'])
    expect(json.recurrence).toEqual({
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'noEnd', startDate: '2026-01-01' },
    })
  })

  test('weaker forms leave out one thing more each, and say so', () => {
    const whole = { json: { title: 'x', recurrence: {}, dueDateTime: {} }, remarks: [] }
    expect(weakerForms(whole)).toEqual([
      { json: { title: 'x', dueDateTime: {} }, remarks: [{ code: 'recurrence-left-out' }] },
      { json: { title: 'x' }, remarks: [{ code: 'recurrence-left-out' }, { code: 'dates-left-out' }] },
    ])
  })
})

test('the mark of a restored task is read as it was written', () => {
  const mark = { source: sourceOf('AAk='), unfinished: true }
  expect(readMark([{ extensionName: 'other' }, markJson(mark)])).toEqual(mark)
  expect(readMark([])).toBeUndefined()
})
