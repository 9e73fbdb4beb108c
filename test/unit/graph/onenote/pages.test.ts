import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import type { StoredFile } from '../../../../src-main/engine/ports/restore-target.ts'
import { inputPage } from '../../../../src-main/graph/onenote/input-page.ts'
import { multipart } from '../../../../src-main/graph/onenote/multipart.ts'
import { notesFailure } from '../../../../src-main/graph/onenote/notes-failure.ts'
import { appendCommands, creationHtml, pageRequests } from '../../../../src-main/graph/onenote/page-requests.ts'
import { resourcesIn } from '../../../../src-main/graph/onenote/page-resources.ts'
import { onenoteDescriber } from '../../../../src-main/graph/onenote/reader.ts'
import { NameClaims, targetName } from '../../../../src-main/graph/onenote/target-names.ts'

const url = 'https://graph.microsoft.com/v1.0/users/u/onenote/resources'

function image(id: string, more = ''): string {
  return `<img ${more} src="${url}/${id}/$value" data-src-type="image/png" data-fullres-src="${url}/${id}/$value" data-fullres-src-type="image/png" />`
}

function stored(html: string, files: Readonly<Record<string, number>>) {
  const body = `<html><head><title>T</title></head><body data-absolute-enabled="true">${html}</body></html>`
  const resources = resourcesIn(body, [])
  const metadata: JsonObject = {
    properties: {
      title: 'T',
      createdDateTime: '2024-01-01T00:00:00Z',
      resources: resources.map((one) => ({ ...one })),
    },
  }
  const parts = resources.flatMap(({ id, name }) => (id in files ? [fileOf(name, files[id] ?? 0)] : []))
  return inputPage(metadata, body, parts)
}

function fileOf(name: string, size: number): StoredFile {
  return {
    name,
    size,
    bytes: () => Promise.reject(new Error('not read here')),
    stream: () => {
      throw new Error('not read here')
    },
  }
}

describe('resources of a page', () => {
  it('are its pictures and files, the original of each picture, named once', () => {
    const html =
      `<img src="${url}/web/$value" data-fullres-src="${url}/full/content?x=1" data-fullres-src-type="image/jpeg" />` +
      `<object data="${url}/0-a%21b/$value" data-attachment="a/b.pdf" type="application/pdf"></object>${image('full')}` +
      '<img src="https://elsewhere.example/x.png" /><object data="https://evil.example/v1.0/users/x/messages"></object>'
    expect(resourcesIn(html, [])).toEqual([
      { id: 'full', kind: 'image', type: 'image/jpeg', web: 'web', name: 'image-1.jpg' },
      { id: '0-a!b', kind: 'file', type: 'application/pdf', name: 'a_b.pdf' },
    ])
  })

  it('keep the names they had', () => {
    const before = resourcesIn(image('a') + image('b'), [])
    const after = resourcesIn(image('c') + image('b'), before)
    expect(after.map(({ id, name }) => [id, name])).toEqual([
      ['c', 'image-1.png'],
      ['b', 'image-2.png'],
    ])
    const doubled = resourcesIn(image('c') + image('d') + image('b'), before)
    expect(new Set(doubled.map(({ name }) => name)).size).toBe(3)
    expect(doubled.find(({ id }) => id === 'b')?.name).toBe('image-2.png')
  })
})

describe('a page on its way back', () => {
  it('loses what OneNote adds, and names its files by the parts of the request', () => {
    const page = stored(
      `<div id="div:{1}" style="position:absolute;left:1px"><p id="p:{2}" onclick="x()">a</p>${image('a', 'alt="A"')}</div>`,
      { a: 3 },
    )
    const { requests } = pageRequests(page)
    const html = creationHtml(page, 'T <1>', requests[0], new Set())
    expect(html).toBe(
      '<!DOCTYPE html><html><head><title>T &lt;1&gt;</title><meta name="created" content="2024-01-01T00:00:00Z" /></head>' +
        '<body data-absolute-enabled="true"><div style="position:absolute;left:1px"><p>a</p><img alt="A" src="name:file1" /></div></body></html>',
    )
  })

  it('goes up in requests of five files, in order, appended to its boxes', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `i${String(index)}`)
    const sizes = Object.fromEntries(ids.map((id) => [id, 10]))
    const html = `<div style="position:absolute">${ids.map((id) => `<p>${id}</p>${image(id)}`).join('')}</div>`
    const page = stored(html, sizes)
    const { requests, moved } = pageRequests(page)
    expect(requests.map(({ files }) => files.length)).toEqual([5, 5, 2])
    expect(moved).toBe(false)
    expect(
      requests
        .slice(1)
        .flatMap((request) => appendCommands(page, request))
        .map(({ target }) => target),
    ).toEqual(['body', 'body'])
  })

  it('never puts more than a request holds into one', () => {
    const block = fc.record({ size: fc.integer({ min: 1, max: 3_600_000 }), inTable: fc.boolean() })
    fc.assert(
      fc.property(fc.array(block, { maxLength: 20 }), (blocks) => {
        const html = blocks.map(({ inTable }, index) =>
          inTable ? `<table><tr><td>${image(`x${String(index)}`)}</td></tr></table>` : image(`x${String(index)}`),
        )
        const page = stored(
          `<div style="position:absolute">${html.join('')}</div>`,
          Object.fromEntries(blocks.map(({ size }, index) => [`x${String(index)}`, size])),
        )
        const { requests } = pageRequests(page)
        const sent = requests.flatMap(({ files }) => files)
        expect(sent.map(({ file }) => file.size)).toEqual(blocks.map(({ size }) => size))
        for (const { files } of requests) {
          expect(files.length).toBeLessThanOrEqual(5)
          if (files.length > 1)
            expect(files.reduce((sum, { file }) => sum + file.size, 0)).toBeLessThanOrEqual(3_600_000)
        }
      }),
    )
  })

  it('moves pictures behind a table that has more than a request takes', () => {
    const ids = Array.from({ length: 7 }, (_, index) => `t${String(index)}`)
    const page = stored(
      `<div style="position:absolute"><table><tr><td>${ids.map((id) => image(id)).join('')}</td></tr></table><p>end</p></div>`,
      Object.fromEntries(ids.map((id) => [id, 1])),
    )
    const { requests, moved } = pageRequests(page)
    expect(moved).toBe(true)
    expect(requests.map(({ files }) => files.length)).toEqual([5, 2])
    const [commands] = requests.slice(1).map((request) => appendCommands(page, request))
    expect(commands?.[0]?.content).toBe('<img src="name:file1" /><img src="name:file2" /><p>end</p>')
  })

  it('says which files are missing and names them in their places', () => {
    const page = stored(
      `<div style="position:absolute">${image('gone')}${image('huge')}<p>x</p><!-- InkNode is not supported --></div>`,
      { huge: 4_000_000 },
    )
    expect([...page.remarks].sort()).toEqual(['page-file-not-stored', 'page-file-too-large', 'page-ink-lost'])
    const html = creationHtml(page, '', pageRequests(page).requests[0], new Set())
    expect(html).toContain('[image-1.png]')
    expect(html).toContain('[image-2.png]')
  })
})

describe('names', () => {
  it.each([
    ['section', 'a/b: "c"', 'a_b_ _c_'],
    ['notebook', 'a & b #1', 'a & b #1'],
    ['sectionGroup', 'a & b #1', 'a _ b _1'],
    ['section', '   ', 'Untitled'],
    ['section', 'x'.repeat(60), 'x'.repeat(50)],
    ['section', `${'x'.repeat(49)}😀`, 'x'.repeat(49)],
  ] as const)('of a %s: %j', (kind, wanted, name) => {
    expect(targetName(kind, wanted)).toBe(name)
  })

  it('of two containers that come out equal are two', () => {
    const claims = new NameClaims()
    expect(claims.claim('p', 'section', 'a/b', '1')).toBe('a_b')
    expect(claims.claim('p', 'section', 'A:B', '2')).toBe('A_B (2)')
    expect(claims.claim('p', 'section', 'a/b', '1')).toBe('a_b')
    expect(claims.claim('q', 'section', 'a/b', '3')).toBe('a_b')
  })
})

it('writes multipart bodies in which a stored media type is no header', () => {
  const { body, contentType } = multipart([{ name: 'file1', type: 'image/png\r\nX: y', bytes: Buffer.from([0, 255]) }])
  const boundary = /boundary=(\S+)$/.exec(contentType)?.[1] ?? ''
  expect(Buffer.from(body).toString('latin1')).toBe(
    `--${boundary}\r\nContent-Disposition: form-data; name="file1"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\xff\r\n--${boundary}--\r\n`,
  )
})

describe('failures of OneNote', () => {
  it.each([
    [401, '40001', 'graph.not-for-app-only'],
    [403, '20150', 'graph.not-for-app-only'],
    [404, '30108', 'graph.no-drive'],
    [507, '30102', 'graph.request-refused'],
  ])('%i %s is %s', (status, graphCode, code) => {
    expect(notesFailure(new EngineError('graph.forbidden', { context: { status, graphCode } }))).toMatchObject({ code })
  })

  it('stay what they are otherwise', () => {
    const other = new EngineError('graph.throttled', { retry: 'later', context: { status: 429, graphCode: '20166' } })
    expect(notesFailure(other)).toBe(other)
    const text = new Error('x')
    expect(notesFailure(text)).toBe(text)
  })
})

it('describes any metadata', async () => {
  await fc.assert(
    fc.asyncProperty(fc.object({ maxDepth: 3 }), async (value) => {
      const metadata = { properties: value } as JsonObject
      onenoteDescriber.row(metadata, 1)
      onenoteDescriber.identity(metadata)
      await onenoteDescriber.searchText(metadata, Buffer.from(JSON.stringify(value)))
    }),
  )
})
