import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import { readHeld } from '../../support/adapter-round.ts'
import type { NewPage } from '../../support/graph-simulator/services/sites/index.ts'
import { pagesReader } from '../../../src-main/graph/pages/reader.ts'
import type { SiteWorld } from '../site/site-fixture.ts'

const by = { displayName: 'Ada', email: 'ada@contoso.example' }

/** A page layout with a text and a picture in two sections, and a list beside them. */
export function layoutWith(html: string): Readonly<Record<string, unknown>> {
  const textPart = {
    '@odata.type': '#microsoft.graph.textWebPart',
    id: 'b8ab0e08-0000-4000-8000-000000000001',
    innerHtml: html,
  }
  const picture = {
    '@odata.type': '#microsoft.graph.standardWebPart',
    id: 'b8ab0e08-0000-4000-8000-000000000002',
    webPartType: 'd1d91016-032f-456d-98a4-721247c305e8',
    data: {
      dataVersion: '1.9',
      title: 'Image',
      description: 'A picture',
      properties: { altText: 'A lighthouse', siteId: '6b4ffc7a-cfc2-4a76-903a-1cc3686dee23' },
      serverProcessedContent: {
        htmlStrings: [],
        links: [],
        imageSources: [{ key: 'imageSource', value: '/sites/research/SiteAssets/light.jpg' }],
        searchablePlainTexts: [{ key: 'captionText', value: 'The lighthouse at night' }],
      },
    },
  }
  return {
    horizontalSections: [
      { layout: 'oneColumn', id: '1', emphasis: 'none', columns: [{ id: '1', width: 12, webparts: [textPart] }] },
      {
        layout: 'twoColumns',
        id: '2',
        emphasis: 'soft',
        columns: [
          { id: '1', width: 6, webparts: [picture] },
          { id: '2', width: 6, webparts: [] },
        ],
      },
    ],
    verticalSection: { emphasis: 'neutral', webparts: [{ ...textPart, id: 'b8ab0e08-0000-4000-8000-000000000003' }] },
  }
}

export const welcome: NewPage = {
  name: 'Welcome.aspx',
  title: 'Welcome to Research',
  description: 'First steps',
  pageLayout: 'article',
  showComments: false,
  showRecommendedPages: true,
  titleArea: { layout: 'imageAndTitle', showAuthor: true, enableGradientEffect: false, textAboveTitle: 'Start here' },
  canvasLayout: layoutWith('<p>Where the <b>instruments</b> are</p>'),
  published: true,
  by,
}

export const draft: NewPage = { name: 'Plans.aspx', title: 'Plans', canvasLayout: layoutWith('<p>Later</p>'), by }
export const news: NewPage = { name: 'News.aspx', title: 'News', promotionKind: 'newsPost', by }

/** A site with these pages. */
export function siteWithPages({ sites }: SiteWorld, path = 'sites/research'): string {
  const { id } = sites.add({ path, displayName: 'Research' })
  for (const page of [welcome, draft, news]) sites.addPage(id, page)
  return id
}

export function readPages(world: SiteWorld, id: string, before?: HeldType): Promise<HeldType> {
  return readHeld(pagesReader(world.client), world.siteRoot(id), before)
}

export function pageNamed(held: HeldType, name: string): HeldItem {
  const found = held.items.find(({ metadata }) => (metadata.properties as { readonly name?: unknown }).name === name)
  if (found === undefined) throw new Error(`no page ${name}`)
  return found
}
