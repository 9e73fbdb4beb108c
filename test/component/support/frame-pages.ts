interface Frame {
  readonly html: string
  readonly remote: boolean
  readonly dark: boolean
}

interface FramePage {
  readonly body: string
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
}

/** Documents that `preview.frame` made, each with the policy that the shell gives it. */
export class FramePages {
  readonly #pages = new Map<string, FramePage>()

  readonly add = ({ html, remote, dark }: Frame): { url: string } => {
    const url = `https://preview.test/${this.#pages.size + 1}`
    const images = remote ? 'data: https:' : 'data:'
    const policy = `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; sandbox`
    const scheme = dark ? 'dark' : 'light'
    this.#pages.set(url, {
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview</title><style>:root{color-scheme:${scheme}}</style><body>${html}</body></html>`,
      contentType: 'text/html; charset=utf-8',
      headers: { 'content-security-policy': policy },
    })
    return { url }
  }

  find(url: string): FramePage | undefined {
    return this.#pages.get(url)
  }
}
