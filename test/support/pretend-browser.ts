import { request, type Dispatcher } from 'undici'

/** What somebody types on a sign-in page. */
export interface Typed {
  readonly login: string
  readonly password: string
  readonly secondProof?: string
  /** Of a device. */
  readonly code?: string
  readonly answer?: 'accept' | 'deny'
}

export interface ShownPage {
  readonly status: number
  readonly text: string
  /** Where the browser is in the end. */
  readonly address: string
}

interface Step {
  readonly status: number
  readonly text: string
  readonly location: string | undefined
}

/** Goes where a browser would go, without scripts: opens a page, fills its form in, and follows where it is sent. */
export class PretendBrowser {
  readonly #dispatcher: Dispatcher

  /** `dispatcher` carries what goes to the sign-in service; this machine's own pages are reached directly. */
  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher
  }

  async open(address: string): Promise<ShownPage> {
    return await this.#follow(address, await this.#ask('GET', address))
  }

  /** Opens a page with a form, and sends the form. */
  async signIn(address: string, typed: Typed): Promise<ShownPage> {
    const page = await this.open(address)
    return await this.send(page, typed)
  }

  async send(page: ShownPage, typed: Typed): Promise<ShownPage> {
    const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1]
    if (action === undefined) throw new Error(`there is no form on the page: ${page.text}`)
    const form = new URLSearchParams(hiddenFields(page.text))
    form.set('login', typed.login)
    form.set('passwd', typed.password)
    form.set('otc', typed.secondProof ?? '')
    if (typed.code !== undefined) form.set('code', typed.code)
    form.set('answer', typed.answer ?? 'accept')
    return await this.#follow(action, await this.#ask('POST', action, form.toString()))
  }

  async #follow(address: string, step: Step): Promise<ShownPage> {
    let [at, shown] = [address, step]
    for (let steps = 0; shown.location !== undefined; steps++) {
      if (steps > 5) throw new Error('the pages send in circles')
      at = new URL(shown.location, at).href
      shown = await this.#ask('GET', at)
    }
    return { status: shown.status, text: shown.text, address: at }
  }

  async #ask(method: 'GET' | 'POST', address: string, body?: string): Promise<Step> {
    const secure = address.startsWith('https:')
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(address, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      ...(secure ? { dispatcher: this.#dispatcher } : {}),
    })
    const { location } = headers
    const isRedirect = statusCode >= 300 && statusCode < 400
    return {
      status: statusCode,
      text: await answer.text(),
      location: isRedirect && typeof location === 'string' ? location : undefined,
    }
  }
}

function hiddenFields(page: string): [string, string][] {
  const fields = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return Array.from(fields, ([, name = '', value = '']) => [name, value])
}
