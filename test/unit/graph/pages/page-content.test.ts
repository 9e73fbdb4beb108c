import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { contentKey, pageText, webPartsOf } from '../../../../src-main/graph/pages/page-content.ts'
import { isCreatable, pageBody, pageName, pointsElsewhere } from '../../../../src-main/graph/pages/page-json.ts'
import { pageIdentity, pageMetadata, pageRow } from '../../../../src-main/graph/pages/page-metadata.ts'

function page(part: JsonObject, more: JsonObject = {}): JsonObject {
  const columns = [{ id: '1', width: 12, webparts: [part] }]
  return { title: 'A', canvasLayout: { horizontalSections: [{ layout: 'oneColumn', id: '1', columns }] }, ...more }
}

describe('what a page shows', () => {
  it('is the same whatever ids it has, and another when anything of it is', () => {
    const one = contentKey(page({ id: 'x', innerHtml: '<p>a</p>' }))
    expect(contentKey(page({ id: 'y', innerHtml: '<p>a</p>' }))).toBe(one)
    const others = [
      page({ id: 'x', innerHtml: '<p>b</p>' }),
      page({ id: 'x', innerHtml: '<p>a</p>' }, { title: 'B' }),
      page({ id: 'x', innerHtml: '<p>a</p>' }, { pageLayout: 'home' }),
      page({ id: 'x', webPartType: 't', data: { properties: { a: 1 } } }),
      page({ id: 'x', webPartType: 't', data: { properties: { a: 2 } } }),
      { title: 'A', canvasLayout: { verticalSection: { webparts: [{ innerHtml: '<p>a</p>' }] } } },
      { title: 'A' },
    ]
    expect(new Set([one, ...others.map(contentKey)]).size).toBe(others.length + 1)
  })

  it.each([
    {},
    { canvasLayout: 'x' },
    { canvasLayout: { horizontalSections: [null, { columns: [1, { webparts: 'x' }] }] } },
  ])('is nothing where it is broken: %j', (broken) => {
    expect(webPartsOf(broken.canvasLayout as JsonObject | undefined)).toEqual([])
    expect(pageText(broken as JsonObject)).toBe('')
  })

  it('is found by its text, once', () => {
    const data = { title: 'T', serverProcessedContent: { htmlStrings: [{ key: 'k', value: '<b>A</b>' }] } }
    expect(pageText(page({ webPartType: 't', data }))).toBe('A\nT')
  })

  it('points elsewhere if a part has pictures, links or ids', () => {
    expect(pointsElsewhere(page({ innerHtml: '<p>a</p>' }))).toBe(false)
    expect(pointsElsewhere(page({ innerHtml: '<img src="/a.png">' }))).toBe(true)
    expect(pointsElsewhere(page({ webPartType: 't', data: { properties: { text: 'x' } } }))).toBe(false)
    expect(pointsElsewhere(page({ webPartType: 't', data: { properties: { deep: { selectedListId: 'x' } } } }))).toBe(
      true,
    )
  })
})

describe('a page to be made', () => {
  it('has a name and a title, whatever is stored', () => {
    expect(pageName({ title: 'a/b: c' })).toBe('a_b_ c.aspx')
    expect(pageName({})).toBe('Page.aspx')
    expect(pageBody({}, 'x.aspx')).toEqual({ '@odata.type': '#microsoft.graph.sitePage', name: 'x.aspx', title: 'x' })
  })

  it('is left out if only SharePoint makes its like', () => {
    expect(isCreatable({ pageLayout: 'article' })).toBe(true)
    expect(isCreatable({ pageLayout: 'microsoftReserved' })).toBe(false)
    expect(isCreatable({ '@odata.type': '#microsoft.graph.newsLinkPage' })).toBe(false)
  })

  it('goes without what a stricter Graph may refuse', () => {
    const stored = { title: 'A', titleArea: { layout: 'plain', serverProcessedContent: {} }, description: 'd' }
    expect(pageBody(stored, 'a.aspx')).toMatchObject({ titleArea: { layout: 'plain' }, description: 'd' })
    expect(pageBody(stored, 'a.aspx', true)).not.toHaveProperty('titleArea')
    expect(pageBody(stored, 'a.aspx').titleArea).not.toHaveProperty('serverProcessedContent')
  })
})

describe('stored metadata of pages', () => {
  it('tells a change of publishing', () => {
    const key = (level: string): string =>
      pageIdentity(pageMetadata({ id: '1', eTag: 'e', publishingState: { level, versionId: '1' } })).changeKey
    expect(key('draft')).not.toBe(key('published'))
  })

  it('may be foreign', () => {
    for (const foreign of [{}, { properties: 'x' }, { properties: { createdBy: { user: 1 } } }])
      expect(pageRow(foreign as JsonObject, 0)).toMatchObject({ time: 0, from: '', shard: '' })
  })
})
