import { texts } from '../../lib/texts/index.ts'
import { cleanHtml, type CleanedHtml } from './clean-html.ts'

/** HTML of strangers, and the pictures that came with it. */
export interface StoredHtml {
  readonly html: string
  readonly inline: Readonly<Record<string, string>>
}

/** A message of a conversation. */
export interface TranscriptEntry {
  readonly author: string
  readonly time: string
  readonly html: string
  readonly reply: boolean
}

/** As main takes it. */
export const mostCharacters = 20_000_000

// A white sheet in any theme, as mails expect. The shown address of a link is ours: the anchor says so, which nobody else
// can know.
const look = `html { background: #fff; color-scheme: light; }
body { margin: 0; padding: 16px; background: #fff; color: #1a1f1f; font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; }
a { color: #0a5f8f; }
blockquote { margin: 0 0 0 8px; padding-left: 12px; border-left: 2px solid #cfd6d6; }`

const transcriptLook = `article { margin: 0 0 14px; }
article.reply { margin-left: 28px; }
header { color: #526060; font-size: 12px; }
header b { color: #142020; font-size: 13px; }
article > div { margin-top: 2px; }`

const shown = [
  'position:fixed',
  'inset:auto 0 0 0',
  'padding:8px 16px',
  'background:#142020',
  'color:#fff',
  'font:13px/1.4 system-ui,sans-serif',
  'overflow-wrap:anywhere',
  'text-align:left',
  'z-index:2147483647',
].join(' !important;')

/** A document of one mail or page, ready for its frame. */
export function sheetOf({ html, inline }: StoredHtml, remote: boolean): CleanedHtml {
  const anchor = newAnchor()
  const cleaned = cleanHtml(html, { inline, remote, sheets: true, anchor })
  return finished(cleaned, cleaned.html, look, anchor)
}

/** A document of a conversation. Nothing of one message reaches another. */
export function transcriptOf(
  entries: readonly TranscriptEntry[],
  inline: StoredHtml['inline'],
  remote: boolean,
): CleanedHtml {
  const anchor = newAnchor()
  const links: string[] = []
  let blocked = 0
  const articles = entries.map(({ author, time, html, reply }) => {
    const cleaned = cleanHtml(html, { inline, remote, sheets: false, anchor, links })
    blocked += cleaned.blocked
    const head = `<header><b>${escaped(author)}</b> ${escaped(time)}</header>`
    return `<article${reply ? ' class="reply"' : ''}>${head}<div>${cleaned.html}</div></article>`
  })
  return finished({ html: '', blocked, links }, articles.join(''), `${look}\n${transcriptLook}`, anchor)
}

function finished(cleaned: CleanedHtml, body: string, style: string, anchor: string): CleanedHtml {
  const bars = cleaned.links.map(
    (address, index) =>
      `<div id="${anchor}-${String(index)}" style="${shown} !important">` +
      `${escaped(texts.preview.linkPrefix)} <b style="user-select:all">${escaped(address)}</b>` +
      ` <a href="#${anchor}" style="color:#9fd8ff;margin-left:12px">${escaped(texts.preview.closeLink)}</a></div>`,
  )
  const hidden = `[id^="${anchor}-"] { display: none; }\n[id^="${anchor}-"]:target { display: block; }`
  return { ...cleaned, html: `<style>${style}\n${hidden}</style>${body}${bars.join('')}` }
}

function newAnchor(): string {
  return `l${crypto.randomUUID().replaceAll('-', '')}`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
