const START = '{"nodes":['
const END = /^\]\}\s*$/

/**
 * The nodes of a tree as they are written, so that a tree can be written anew without some of them and nothing else in
 * it changes: extended attributes, fields of later versions, numbers that JavaScript would round. Undefined if the tree
 * is not written as restic and this program write it.
 */
export function nodeTexts(bytes: Uint8Array): string[] | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  if (!text.startsWith(START)) return undefined
  const nodes: string[] = []
  let at = START.length
  while (text[at] === '{') {
    const end = objectEnd(text, at)
    if (end === undefined) return undefined
    nodes.push(text.slice(at, end))
    at = text[end] === ',' ? end + 1 : end
  }
  return END.test(text.slice(at)) ? nodes : undefined
}

export function treeBytes(nodes: readonly string[]): Buffer<ArrayBuffer> {
  return Buffer.from(`${START}${nodes.join(',')}]}\n`)
}

/** Where the object that begins there ends. */
function objectEnd(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = stringEnd(text, at)
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  return undefined
}

/** Where the quote is that ends the string. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
