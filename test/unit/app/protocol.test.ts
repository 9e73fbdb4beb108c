import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PreviewDocuments } from '../../../src-main/app/preview-documents.ts'
import { createProtocolHandler, pathBelow } from '../../../src-main/app/protocol.ts'

const base = mkdtempSync(join(tmpdir(), 'holdfast-protocol-'))
const folder = join(base, 'renderer')
const documents = new PreviewDocuments()
const handle = createProtocolHandler(folder, documents)

function get(url: string, method = 'GET'): Promise<Response> {
  return handle({ url, method })
}

beforeAll(() => {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<p>page</p>')
  writeFileSync(join(folder, 'assets/it.js'), 'export {}')
  writeFileSync(join(folder, 'assets/notes.md'), 'notes')
  writeFileSync(join(base, 'secret.txt'), 'secret')
})

afterAll(() => {
  rmSync(base, { recursive: true })
})

it('serves the files of the page with their types and a policy', async () => {
  const page = await get('app://holdfast/')
  expect(await page.text()).toBe('<p>page</p>')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const script = await get('app://holdfast/assets/it.js?v=1')
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  for (const answer of [page, script]) {
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  }
})

it.each([
  'app://holdfast/../secret.txt',
  'app://holdfast/%2e%2e/secret.txt',
  'app://holdfast/assets/..%2f..%2fsecret.txt',
  'app://holdfast/..%5csecret.txt',
  'app://holdfast/%00',
  'app://holdfast/%e0%a4%a',
  'app://holdfast/assets/notes.md',
  'app://holdfast/assets',
  'app://holdfast/nothing.js',
  'app://elsewhere/index.html',
  'app://preview/unknown',
])('refuses %s', async (url) => {
  const answer = await get(url)
  expect(answer.status).toBe(404)
  expect(await answer.text()).toBe('')
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'")
})

it('never leaves the folder', () => {
  expect(pathBelow('/a/b', '/../b-secret/x')).toBeUndefined()
  expect(pathBelow('/a/b', '/./c//d.js')).toBe('/a/b/c/d.js')
})

it('takes no other method', async () => {
  expect((await get('app://holdfast/index.html', 'POST')).status).toBe(405)
})

it('shows a document in a sandbox that loads nothing from elsewhere', async () => {
  const url = documents.add({ html: '<b>hello</b>', remote: false, dark: true })
  const answer = await get(url)
  const policy = answer.headers.get('content-security-policy')?.split('; ')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain('img-src data: blob:')
  expect(policy).toContain("form-action 'none'")
  expect(policy).toContain('sandbox')
  expect(policy?.join()).not.toContain('script-src')
  expect(await answer.text()).toContain('<body><b>hello</b></body>')
  expect(documents.allowsRemote(url)).toBe(false)
})

it('lets https images in only where the reader asked for them', async () => {
  const url = documents.add({ html: '', remote: true, dark: false })
  expect((await get(url)).headers.get('content-security-policy')).toContain('img-src data: blob: https:;')
  expect(documents.allowsRemote(url)).toBe(true)
  documents.clear()
  expect(documents.allowsRemote(url)).toBe(false)
  expect((await get(url)).status).toBe(404)
})

it('forgets the oldest documents, never the newest', async () => {
  const few = new PreviewDocuments()
  const urls = Array.from({ length: 40 }, (_, at) => few.add({ html: String(at), remote: false, dark: false }))
  const token = (url = ''): string => url.slice('app://preview/'.length)
  expect(few.get(token(urls[0]))).toBeUndefined()
  expect(few.get(token(urls[39]))?.html).toBe('39')
  const huge = few.add({ html: 'x'.repeat(61_000_000), remote: false, dark: false })
  expect(few.get(token(huge))).toBeDefined()
  expect(few.get(token(urls[39]))).toBeUndefined()
})
