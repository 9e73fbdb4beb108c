import { randomBytes } from 'node:crypto'

/** Cleaned HTML that a sandboxed frame is to show. */
export interface PreviewDocument {
  readonly html: string
  /** Whether images of https addresses may be loaded. */
  readonly remote: boolean
  readonly dark: boolean
}

const MOST_DOCUMENTS = 12
const MOST_CHARACTERS = 60_000_000

/** Documents of the window's frames, by a word that nobody can guess. The oldest go when there are too many. */
export class PreviewDocuments {
  readonly #documents = new Map<string, PreviewDocument>()

  /** The address of the frame. */
  add(document: PreviewDocument): string {
    const token = randomBytes(18).toString('base64url')
    this.#documents.set(token, document)
    this.#makeRoom()
    return `app://preview/${token}`
  }

  get(token: string): PreviewDocument | undefined {
    return this.#documents.get(token)
  }

  /** Whether the frame at an address may load images from elsewhere. */
  allowsRemote(address: string): boolean {
    const [, token] = /^app:\/\/preview\/([\w-]+)$/.exec(address) ?? []
    return token !== undefined && this.#documents.get(token)?.remote === true
  }

  /** The page that had the frames is gone. */
  clear(): void {
    this.#documents.clear()
  }

  #makeRoom(): void {
    let characters = 0
    for (const [at, [token, { html }]] of [...this.#documents].reverse().entries()) {
      characters += html.length
      // The newest one stays, however long it is.
      if (at > 0 && (at >= MOST_DOCUMENTS || characters > MOST_CHARACTERS)) this.#documents.delete(token)
    }
  }
}

/** The whole document. What it may do is said by `previewPolicy`; the frame's sandbox says it again. */
export function previewPage({ html, dark }: PreviewDocument): string {
  const scheme = dark ? 'dark' : 'light'
  const colours = dark ? 'color:#e6e9eb;background:#1d2226' : 'color:#1b2124;background:#ffffff'
  return (
    `<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="${scheme}">` +
    `<style>html{${colours}}body{margin:16px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}` +
    'img{max-width:100%;height:auto}pre{white-space:pre-wrap}</style></head>' +
    `<body>${html}</body></html>`
  )
}

/** No scripts, no forms, no frames, no fonts, no requests; images from elsewhere only if the reader asked for them. */
export function previewPolicy({ remote }: PreviewDocument): string {
  return [
    "default-src 'none'",
    `img-src data: blob:${remote ? ' https:' : ''}`,
    "style-src 'unsafe-inline'",
    "form-action 'none'",
    "base-uri 'none'",
    'frame-ancestors app://holdfast',
    'sandbox',
  ].join('; ')
}
