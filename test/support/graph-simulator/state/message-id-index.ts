import type { StoredMessage } from './stored.ts'

/** Finds messages by internetMessageId. Built on the first search, so mailboxes nobody searches pay nothing. */
export class MessageIdIndex {
  private entries: Map<string, StoredMessage | readonly StoredMessage[]> | undefined

  find(id: string, all: () => Iterable<StoredMessage>): readonly StoredMessage[] {
    if (this.entries === undefined) {
      this.entries = new Map()
      for (const message of all()) this.added(message)
    }
    return listOf(this.entries.get(id))
  }

  added(message: StoredMessage): void {
    if (this.entries === undefined) return
    const id = message.summary.internetMessageId
    const present = listOf(this.entries.get(id))
    this.entries.set(id, present.length === 0 ? message : [...present, message])
  }

  removed(message: StoredMessage): void {
    if (this.entries === undefined) return
    const id = message.summary.internetMessageId
    const rest = listOf(this.entries.get(id)).filter((other) => other !== message)
    if (rest.length === 0) this.entries.delete(id)
    else this.entries.set(id, rest)
  }
}

function listOf(entry: StoredMessage | readonly StoredMessage[] | undefined): readonly StoredMessage[] {
  if (entry === undefined) return []
  return 'number' in entry ? [entry] : entry
}
