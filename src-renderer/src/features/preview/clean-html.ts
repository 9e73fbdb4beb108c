import createPurifier, { type Config } from 'dompurify'
import { cleanDeclarations, cleanSheet } from './clean-css.ts'
import { picturesOf, type Pictures } from './pictures.ts'

/** HTML that asks for nothing, runs nothing and leads nowhere. */
export interface CleanedHtml {
  readonly html: string
  /** Pictures elsewhere that were left out. */
  readonly blocked: number
  /** Addresses of its links, each once. In `html` link number n leads to the anchor `<anchor>-n`. */
  readonly links: readonly string[]
}

export interface CleaningOptions {
  /** Pictures that came with it by their Content-ID, as data: addresses. */
  readonly inline: Readonly<Record<string, string>>
  /** Whether pictures of https addresses stay. */
  readonly remote: boolean
  /** Whether style sheets stay; a sheet says how everything beside it looks. */
  readonly sheets: boolean
  /** Nobody else can know it: links lead to anchors named by it. */
  readonly anchor: string
  /** Those of texts before, when several make one document. New ones are added. */
  readonly links?: string[]
}

/**
 * Styles travel under names of their own, sheets in an element that is read in the same way; handlers and bases get
 * names that nobody knows. Under theirs, the page's policy would be asked about each of them, and tell in the console that it
 * refused. What looks like one of them in a text has its own words again in the end.
 */
function hiddenStyles(html: string, prefix: string): string {
  return html
    .replaceAll(/(?:style|on[a-z]+)(?=\s*=)/gi, (word) => `${prefix}${word}`)
    .replaceAll(/<style(?=[\s/>])/gi, `<xmp ${prefix}sheet`)
    .replaceAll(/<\/style(?=[\s/>])/gi, '</xmp')
    .replaceAll(/<base(?=[\s/>])/gi, '<x-base')
}

const config: Config & { readonly RETURN_DOM: true } = {
  USE_PROFILES: { html: true },
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // These schemes, and what is no address at all, such as a width.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  FORBID_TAGS: [
    ...['form', 'input', 'button', 'select', 'option', 'optgroup', 'textarea', 'fieldset', 'legend', 'datalist'],
    ...['output', 'meter', 'progress', 'label', 'dialog', 'menuitem', 'marquee'],
    ...['link', 'meta', 'base', 'title', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'param'],
    ...['video', 'audio', 'source', 'track', 'picture', 'map', 'area', 'canvas', 'svg', 'math', 'template', 'slot'],
    ...['content', 'element', 'shadow', 'noscript', 'style', 'xmp'],
  ],
  FORBID_ATTR: [
    ...['id', 'name', 'for', 'srcset', 'sizes', 'ping', 'poster', 'action', 'formaction', 'method', 'enctype'],
    ...['autofocus', 'autoplay', 'accesskey', 'tabindex', 'contenteditable', 'draggable', 'usemap', 'ismap', 'target'],
    ...['download', 'is', 'slot', 'part', 'nonce', 'integrity', 'crossorigin', 'loading', 'longdesc', 'cite', 'lowsrc'],
    ...['dynsrc', 'popover', 'popovertarget', 'popovertargetaction', 'list', 'role', 'hidden', 'inert'],
  ],
}

/** Cleans HTML of strangers, so that a frame without rights can show it. */
export function cleanHtml(html: string, options: CleaningOptions): CleanedHtml {
  const cleaning = new Cleaning(options)
  const purifier = createPurifier(window)
  purifier.addHook('uponSanitizeElement', (node) => cleaning.takeSheet(node))
  purifier.addHook('beforeSanitizeAttributes', (element) => cleaning.countHidden(element))
  purifier.addHook('afterSanitizeAttributes', (element) => cleaning.attributes(element))
  const { style, prefix } = cleaning
  const whole = purifier.sanitize(hiddenStyles(html, prefix), {
    ...config,
    ADD_ATTR: [style],
    ADD_URI_SAFE_ATTR: [style],
  })
  const cleaned = whole instanceof Element ? cleaning.inFragment(whole) : ''
  return { html: cleaned.replaceAll(prefix, ''), blocked: cleaning.pictures.blocked(), links: cleaning.links }
}

/** What is done to the elements that may stay. */
class Cleaning {
  readonly pictures: Pictures
  readonly links: string[]
  /** Before the name of each style attribute; nobody else can know it. */
  readonly prefix: string
  readonly style: string
  readonly #anchor: string
  readonly #wantsSheets: boolean
  readonly #sheets: string[] = []

  constructor({ inline, remote, sheets, anchor, links = [] }: CleaningOptions) {
    this.pictures = picturesOf(inline, remote)
    this.links = links
    this.prefix = `${anchor}-as-`
    this.style = `${this.prefix}style`
    this.#anchor = anchor
    this.#wantsSheets = sheets
  }

  takeSheet(node: Node): void {
    if (!this.#wantsSheets || !(node instanceof Element) || !node.hasAttribute(`${this.prefix}sheet`)) return
    const media = node.getAttribute('media') ?? 'all'
    if (/[{};<@]/.test(media)) return
    const text = cleanSheet(`@media ${media} {\n${this.#plain(node.textContent)}\n}`, this.pictures.of)
    if (text !== '') this.#sheets.push(text)
  }

  /** Pictures that only forbidden attributes name are gone in any case; they count as blocked. */
  countHidden(element: Element): void {
    if (element.localName !== 'img' || element.hasAttribute('src')) return
    const [first] = (element.getAttribute('srcset') ?? element.getAttribute('lowsrc') ?? '').trim().split(/\s/)
    if (first !== undefined && first !== '') this.pictures.of(this.#plain(first))
  }

  attributes(element: Element): void {
    this.#cleanStyle(element)
    this.#cleanPicture(element)
    this.#cleanLink(element)
  }

  /** The page's style sheets and what was in its body, in an element that looks like the body did. */
  inFragment(whole: Element): string {
    const body = whole.querySelector('body')
    if (body === null) return ''
    const sheet = body.ownerDocument.createElement('div')
    const colors = [
      legacyColor('background-color', body.getAttribute('bgcolor')),
      legacyColor('color', body.getAttribute('text')),
    ]
    const style = [...colors, body.getAttribute(this.style) ?? ''].join(' ').trim()
    if (style !== '') sheet.setAttribute(this.style, style)
    const background = body.getAttribute('background')
    if (background !== null) sheet.setAttribute('background', background)
    sheet.append(...body.childNodes)
    return `${this.#sheets.map((text) => `<style>${text}</style>`).join('')}${sheet.outerHTML}`
  }

  #cleanStyle(element: Element): void {
    const text = element.getAttribute(this.style)
    if (text === null) return
    const cleaned = cleanDeclarations(this.#plain(text), this.pictures.of)
    if (cleaned === '') element.removeAttribute(this.style)
    else element.setAttribute(this.style, cleaned)
  }

  #cleanPicture(element: Element): void {
    for (const name of ['src', 'background']) {
      const address = element.getAttribute(name)
      if (address === null) continue
      const isPicture = name === 'background' || element.localName === 'img'
      const shown = isPicture ? this.pictures.of(this.#plain(address)) : null
      if (shown === null) element.removeAttribute(name)
      else element.setAttribute(name, shown)
    }
  }

  #cleanLink(element: Element): void {
    const address = element.getAttribute('href')
    if (address === null) return
    element.removeAttribute('href')
    const text = this.#plain(address).trim()
    if (element.localName !== 'a' || !opens.test(text)) return
    const known = this.links.indexOf(text)
    const index = known < 0 ? this.links.push(text) - 1 : known
    element.setAttribute('href', `#${this.#anchor}-${String(index)}`)
    element.setAttribute('rel', 'noopener noreferrer')
    element.setAttribute('title', text)
  }

  #plain(text: string | null): string {
    return (text ?? '').replaceAll(this.prefix, '')
  }
}

/** Addresses that mean something outside of the mail. */
const opens = /^(?:https?:\/\/|mailto:|tel:)/i

function legacyColor(property: string, color: string | null): string {
  return color === null ? '' : cleanDeclarations(`${property}: ${color.replaceAll(';', '')}`, () => null)
}
