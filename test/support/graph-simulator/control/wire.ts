/** JSON with bytes in it, for the control channel. */

const marker = '$bytes'

export function toWire(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, entry: unknown) => replaced(entry))
}

// Buffer has a toJSON of its own that runs before the replacer: its result is what has to be recognized.
function replaced(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry
  if (entry instanceof RegExp) return entry.source
  const isBuffer = 'type' in entry && entry.type === 'Buffer' && 'data' in entry && Array.isArray(entry.data)
  return isBuffer ? { [marker]: Buffer.from(entry.data as number[]).toString('base64') } : entry
}

export function fromWire(text: string): unknown {
  return JSON.parse(text, (_key, entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !(marker in entry)) return entry
    const text = entry[marker]
    return typeof text === 'string' ? Buffer.from(text, 'base64') : entry
  })
}
