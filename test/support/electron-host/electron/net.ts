import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Net } from 'electron'

/** Chromium's guess of a file's kind, for the kinds that an app is made of. */
const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.map': 'application/json',
}

async function fetchFile(url: string): Promise<Response> {
  let bytes: Buffer<ArrayBuffer>
  try {
    bytes = await readFile(fileURLToPath(url))
  } catch (error) {
    throw new Error('net::ERR_FILE_NOT_FOUND', { cause: error })
  }
  const kind = kinds[extname(new URL(url).pathname).toLowerCase()] ?? 'application/octet-stream'
  return new Response(bytes, { headers: { 'content-type': kind } })
}

type Handled = (request: Request) => Promise<Response> | undefined

/** Electron's `net`: files too, and schemes of the app. */
export class StandInNet {
  readonly #handled: Handled
  #isOnline = true

  constructor(handled: Handled = () => undefined) {
    this.#handled = handled
  }

  get online(): boolean {
    return this.#isOnline
  }

  set online(online: boolean) {
    this.#isOnline = online
  }

  isOnline = (): boolean => this.#isOnline

  fetch = async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const url = typeof input === 'string' ? input : input.url
    if (url.startsWith('file:')) return await fetchFile(url)
    const own = /^https?:/.test(url) ? undefined : this.#handled(new Request(input, init))
    return await (own ?? fetch(input, init))
  }
}

StandInNet satisfies new () => Pick<Net, 'fetch' | 'isOnline' | 'online'>
