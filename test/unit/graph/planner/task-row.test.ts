import { describe, expect, test } from 'vitest'
import { detailsJson, detailsKey } from '../../../../src-main/graph/planner/details-json.ts'
import { hintsFromTheEnd, OrderHints } from '../../../../src-main/graph/planner/order-hints.ts'
import { plannerDescriber } from '../../../../src-main/graph/planner/reader.ts'
import { hasDetails, listedProperties } from '../../../../src-main/graph/planner/task-properties.ts'
import { taskMetadata } from '../../../../src-main/graph/planner/task-row.ts'
import { plannerTitle, unfinishedSource, unfinishedTitle } from '../../../../src-main/graph/planner/unfinished.ts'
import { shortId } from '../../../../src-main/engine/model/short-id.ts'

const item = { '@odata.type': '#microsoft.graph.plannerChecklistItem', isChecked: false }
const details = {
  description: 'Near the river',
  previewType: 'checklist',
  checklist: {
    'b-2': { ...item, title: 'Second', orderHint: 'b' },
    'a-1': { ...item, title: 'First', orderHint: 'a', isChecked: true },
  },
  references: { 'https%3A//contoso%2Eexample': { alias: 'Wishes', type: 'Word', previewPriority: 'x' } },
}

describe('a stored task', () => {
  const metadata = taskMetadata({
    id: 'T',
    title: 'Find: a house',
    createdDateTime: '2026-01-01T10:00:00Z',
    dueDateTime: '2026-03-01T10:00:00Z',
    changeKey: 'W/"1" abc',
    createdBy: { user: { id: 'u', displayName: 'Ada' } },
    details,
  })

  test('its row and text', async () => {
    expect(plannerDescriber.row(metadata, 0)).toMatchObject({
      title: 'Find: a house',
      time: Date.UTC(2026, 2, 1, 10),
      from: 'Ada',
      hasAttachments: true,
    })
    expect(plannerDescriber.identity(metadata)).toEqual({ id: 'T', changeKey: 'W/"1" abc' })
    const text = await plannerDescriber.searchText(metadata, new Uint8Array(0))
    expect(text.split('\n').sort()).toEqual(['First', 'Near the river', 'Second', 'Wishes', 'https://contoso.example'])
  })

  test.each([{}, { properties: [] }, { properties: { details: { checklist: 5, references: { '%': 1 } }, title: 3 } }])(
    'foreign metadata %j does no harm',
    async (foreign) => {
      expect(plannerDescriber.row(foreign as never, 0)).toMatchObject({ title: '', time: 0, from: '' })
      expect(await plannerDescriber.searchText(foreign as never, new Uint8Array(0))).toMatch(/^%?$/)
    },
  )
})

describe('what a listing gives', () => {
  test('the change key follows the details, which the etag need not, and not the order of their properties', () => {
    const entry = { '@odata.etag': 'W/"1"', id: 'T', details: { ...details, '@odata.etag': 'W/"9"' } }
    const { changeKey } = listedProperties(entry)
    const turned = Object.fromEntries(Object.entries(details).reverse())
    expect(listedProperties({ ...entry, details: turned }).changeKey).toBe(changeKey)
    expect(listedProperties({ ...entry, details: { ...details, description: 'x' } }).changeKey).not.toBe(changeKey)
    expect(listedProperties({ '@odata.etag': 'W/"1"', id: 'T' })).toEqual({ id: 'T', changeKey: 'W/"1"' })
  })

  test('a task that does not say whether it has details is asked', () => {
    const none = { hasDescription: false, checklistItemCount: 0, referenceCount: 0 }
    expect(hasDetails(none)).toBe(false)
    expect(hasDetails({ ...none, referenceCount: 1 })).toBe(true)
    expect(hasDetails({})).toBe(true)
  })
})

describe('what is sent', () => {
  test('details without what the service keeps, in the stored order', () => {
    expect(detailsJson(details)).toEqual({
      description: 'Near the river',
      previewType: 'checklist',
      checklist: {
        'b-2': { ...item, title: 'Second', isChecked: false, orderHint: ' !' },
        'a-1': { ...item, title: 'First', isChecked: true, orderHint: '  !!' },
      },
      references: {
        'https%3A//contoso%2Eexample': {
          '@odata.type': '#microsoft.graph.plannerExternalReference',
          alias: 'Wishes',
          type: 'Word',
          previewPriority: ' !',
        },
      },
    })
    expect(detailsJson({ description: '', previewType: 'automatic', checklist: {}, references: {} })).toBeUndefined()
  })

  test('two tasks are the same by description, steps and references, whatever is ticked off', () => {
    const ticked = { ...details, checklist: { x: { title: 'Second', isChecked: true }, y: { title: 'First' } } }
    expect(detailsKey(ticked)).toBe(detailsKey(details))
    expect(detailsKey({ ...details, description: 'x' })).not.toBe(detailsKey(details))
  })

  test('hints from the end sort as they are meant', () => {
    const placed = hintsFromTheEnd(['a', 'b', 'c', 'd'])
    const sorted = placed.toSorted(([, one], [, other]) => (one < other ? -1 : 1)).map(([name]) => name)
    expect(sorted).toEqual(['a', 'b', 'c', 'd'])
  })

  test('a place among what was restored before, in whatever order it comes', () => {
    const hints = new OrderHints(false)
    const first = hints.place('x', 'm')
    expect(first.hint).toBe(' !')
    first.settle('P')
    expect(hints.place('x', 'z').hint).toBe('P !')
    expect(hints.place('x', 'a').hint).toBe(' P!')
    hints.seed('x', 'z', 'T')
    expect(hints.place('x', 'p').hint).toBe('P T!')
    expect(hints.place('y', 'p').hint).toBe(' !')
    // In the plan of the source itself its own hints are right.
    expect(new OrderHints(true).place('x', '8585').hint).toBe('8585 !')
  })

  test('an unfinished task says which one it is, however long its title', () => {
    for (const title of ['x', 'y'.repeat(400), '🙂'.repeat(200)]) {
      const marked = unfinishedTitle(title, 'source id')
      expect(marked.length).toBeLessThanOrEqual(255)
      expect(unfinishedSource(marked)).toBe(shortId('source id'))
    }
    expect(unfinishedSource('x (restoring)')).toBeUndefined()
    expect(plannerTitle(' \u0007 ')).toBe('-')
  })
})
