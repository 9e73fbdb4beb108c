import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import {
  entriesContent,
  entryProperties,
  siteIdentity,
  siteMetadata,
  siteNotices,
  siteProperties,
  siteRow,
  siteText,
} from '../../../../src-main/graph/site/site-metadata.ts'

const keyOf = (properties: JsonObject): string => siteIdentity(siteMetadata(properties)).changeKey

describe('stored settings of a site', () => {
  it('are the same whenever the site was changed, and others when it says something else', () => {
    const site = (more: JsonObject): string => keyOf(siteProperties({ id: 'i', displayName: 'A', ...more }))
    expect(site({ lastModifiedDateTime: '2020-01-01T00:00:00Z' })).toBe(
      site({ lastModifiedDateTime: '2021-01-01T00:00:00Z' }),
    )
    expect(site({ description: 'x' })).not.toBe(site({}))
  })

  it('have entries as a content, in whatever order Graph gives them', () => {
    const [one, other] = [
      [{ id: 'a' }, { id: 'b' }],
      [{ id: 'b' }, { id: 'a' }],
    ].map((all) => entryProperties('columns', all))
    expect(keyOf(one ?? {})).toBe(keyOf(other ?? {}))
    expect(JSON.stringify(siteMetadata(one ?? {}))).not.toContain('holdfast')
    expect(JSON.parse(Buffer.from(entriesContent(one ?? {}) ?? []).toString())).toEqual([{ id: 'a' }, { id: 'b' }])
  })

  it('may be foreign', () => {
    for (const foreign of [{}, { properties: 1 }, { 'o365:Id': 'else' }]) {
      expect(siteRow(foreign as JsonObject, 0)).toMatchObject({ name: 'site', time: 0 })
      expect(siteText(foreign as JsonObject)).toBe('')
      expect(siteNotices(foreign as JsonObject)).toEqual([])
    }
  })
})
