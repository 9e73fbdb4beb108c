import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { HeldType } from '../../support/adapter-round.ts'

/**
 * What OneNote assigns: ids and addresses, the time of change, the application that made the page, and the place among
 * the pages where a restore cannot follow the order (the harness hands pages out in their order, so it can).
 */
const assigned = new Set([
  'id',
  'self',
  'contentUrl',
  'links',
  'lastModifiedDateTime',
  'parentSection',
  'createdByAppId',
])

export interface ComparablePage {
  readonly place: string
  readonly properties: JsonObject
  readonly html: string
  readonly parts: readonly (readonly [string, string])[]
}

/** Pages with their places, without what is assigned; resources by the names of their parts. */
export function comparablePages(held: HeldType, level = true): readonly ComparablePage[] {
  const containers = new Map(held.containers.map((container) => [container.id, container]))
  const pathOf = (id: string | undefined): string => {
    const container = containers.get(id ?? '')
    return container === undefined ? '' : `${pathOf(container.parentId)}/${container.name}`
  }
  return held.items
    .map(({ container, metadata, content, parts }) => {
      const all = (metadata.properties ?? {}) as JsonObject
      const resources = (all.resources ?? []) as readonly { id: string; name: string }[]
      let html = Buffer.from(content ?? []).toString('utf8')
      for (const { id, name } of resources) html = html.replaceAll(new RegExp(`http[^"]*${id}[^"]*`, 'g'), name)
      const kept = Object.entries(all).filter(([name]) => !assigned.has(name) && (level || name !== 'level'))
      const properties = { ...Object.fromEntries(kept), resources: resources.map(({ id: _, ...rest }) => rest) }
      const bytes = [...parts].map(([name, part]) => [name, Buffer.from(part).toString('base64')] as const)
      return { place: pathOf(container), properties, html, parts: bytes }
    })
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}
