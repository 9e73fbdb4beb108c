import type { StoredMessage } from '../state/stored.ts'
import { ComposedSource } from './composed-source.ts'
import type { ComposedMessage } from './composed-source.ts'

/** The message taken apart into properties, so that single ones can be changed. */
export function composedFrom(message: StoredMessage): ComposedSource {
  const { source, seed, summary, extra } = message
  if (source instanceof ComposedSource) return source
  const composed: ComposedMessage = {
    ...summary,
    body: source.body(seed),
    sentAt: summary.sentAt ?? message.receivedAt,
    importance: extra?.importance ?? summary.importance,
    headers: source.headers(seed).filter((header) => /^x-/i.test(header.name) && !/^x-priority$/i.test(header.name)),
    attachments: source.attachments(seed),
  }
  return new ComposedSource(composed)
}

/** The same message with another body. */
export function editedSource(message: StoredMessage, text: string): ComposedSource {
  const source = composedFrom(message)
  source.update({ body: { contentType: 'text', content: text } })
  return source
}
