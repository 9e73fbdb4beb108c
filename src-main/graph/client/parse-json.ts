/**
 * Parses an answer's UTF-8 JSON. Graph lets control characters through inside strings, which JSON forbids; those are
 * escaped and the text is parsed again. Throws a SyntaxError when it is no JSON even so: the answer was cut.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes)
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!hasControl(text)) throw error
    return JSON.parse(escapeControls(text))
  }
}

const quote = 0x22
const backslash = 0x5c
const space = 0x20

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < space) return true
  return false
}

/** Escapes the control characters inside strings; those between tokens (line breaks) stay. */
function escapeControls(text: string): string {
  const parts: string[] = []
  let copied = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) inString = !inString
    else if (inString && unit === backslash && text.charCodeAt(at + 1) >= space) at++
    else if (inString && (unit < space || unit === backslash)) {
      parts.push(text.slice(copied, at), unit === backslash ? '\\\\' : `\\u${unit.toString(16).padStart(4, '0')}`)
      copied = at + 1
    }
  }
  parts.push(text.slice(copied))
  return parts.join('')
}
