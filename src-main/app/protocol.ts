import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { previewPage, previewPolicy, type PreviewDocuments } from './preview-documents.ts'

export const scheme = 'app'
export const pageOrigin = 'app://holdfast'

/** What the page may do: its own scripts and styles, frames of the preview, nothing from elsewhere. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' blob: data:",
  'frame-src app://preview',
  "form-action 'none'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
}

/** Answers requests of `app://holdfast/` with files of a folder, those of `app://preview/` with documents. */
export function createProtocolHandler(
  folder: string,
  documents: PreviewDocuments,
): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  const root = resolve(folder)
  return async ({ url, method }) => {
    const { host, pathname } = new URL(url)
    if (method !== 'GET' && method !== 'HEAD') return refusal(405)
    if (host === 'preview') return previewAnswer(pathname, documents)
    return host === 'holdfast' ? await fileAnswer(root, pathname) : refusal(404)
  }
}

function previewAnswer(pathname: string, documents: PreviewDocuments): Response {
  const document = documents.get(pathname.slice(1))
  if (document === undefined) return refusal(404)
  return new Response(previewPage(document), {
    headers: {
      ...commonHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': previewPolicy(document),
      'cache-control': 'no-store',
    },
  })
}

async function fileAnswer(root: string, pathname: string): Promise<Response> {
  const path = pathBelow(root, pathname === '/' ? '/index.html' : pathname)
  const mediaType = mediaTypes[extname(path ?? '').toLowerCase()]
  if (path === undefined || mediaType === undefined) return refusal(404)
  const content = await readFile(path).catch(() => undefined)
  if (content === undefined) return refusal(404)
  return new Response(new Uint8Array(content), {
    headers: {
      ...commonHeaders,
      'content-type': mediaType,
      'content-security-policy': pagePolicy,
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    },
  })
}

/** The file that a path of an address means; undefined if it would be outside of the folder. */
export function pathBelow(root: string, pathname: string): string | undefined {
  const decoded = decodedPath(pathname)
  if (decoded === undefined || /[\0\\]/.test(decoded)) return undefined
  if (decoded.split('/').includes('..')) return undefined
  const path = resolve(join(root, decoded))
  return path.startsWith(root + sep) ? path : undefined
}

function decodedPath(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}

function refusal(status: number): Response {
  return new Response(null, {
    status,
    headers: { ...commonHeaders, 'content-security-policy': "default-src 'none'" },
  })
}
