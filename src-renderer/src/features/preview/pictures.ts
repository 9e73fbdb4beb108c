import type { PictureOf } from './clean-css.ts'

const raster = /^data:image\/(?:png|gif|jpe?g|webp|bmp|avif|x-icon);base64,[a-z0-9+/=\s]*$/i
const elsewhere = /^(?:https?:)?\/\//i

/** What becomes of the pictures of a text. */
export interface Pictures {
  readonly of: PictureOf
  /** How many are elsewhere and were left out. */
  readonly blocked: () => number
}

/**
 * Pictures that came with the text are shown by their Content-ID, others only if `remote` asks for them, and then only
 * by https.
 */
export function picturesOf(inline: Readonly<Record<string, string>>, remote: boolean): Pictures {
  const parts = new Map(Object.entries(inline).map(([id, data]) => [plainId(id), data]))
  let blocked = 0
  const found = (address: string): string | null => {
    const text = address.trim()
    if (/^cid:/i.test(text)) return shownData(parts.get(plainId(decoded(text.slice(4)))))
    if (/^data:/i.test(text)) return shownData(text)
    if (!elsewhere.test(text)) return null
    const secure = text.startsWith('//') ? `https:${text}` : text
    if (remote && /^https:/i.test(secure)) return secure
    blocked++
    return null
  }
  return { of: found, blocked: () => blocked }
}

function shownData(data: string | undefined): string | null {
  return data !== undefined && raster.test(data) ? data : null
}

/** A photo that can be shown as it is; null if it is none. */
export function shownPhoto(data: string | null): string | null {
  return data === null ? null : shownData(data)
}

function plainId(id: string): string {
  return id.replaceAll(/^<|>$/g, '').toLowerCase()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that escapes nothing: the id is as it stands.
    return text
  }
}
