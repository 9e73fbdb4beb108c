import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { ItemText } from './model.ts'

/** The full-text index. An entry lives as long as a version uses it. */
export interface Texts {
  add(text: ItemText): number
  /** A version uses the entry now. */
  use(key: number | null): void
  /** A version that used the entry went; removes the entry if it was the last. */
  release(key: number | null): void
  /** Removes entries that were added and never used. */
  dropUnused(): void
  /** Removes all entries that no version uses. Reads the whole index: for bulk removals only. */
  sweep(): void
}

export function openTexts(connection: Connection): Texts {
  const { prepare } = connection
  const insert = prepare<[string, string, string, string]>(
    'INSERT INTO text (title, sender, recipients, body) VALUES (?, ?, ?, ?)',
  )
  const used = prepare<[number]>('SELECT 1 FROM item WHERE text_key = ? LIMIT 1')
  const remove = prepare<[number]>('DELETE FROM text WHERE rowid = ?')
  const unused = prepare<[], { rowid: number }>(
    'SELECT rowid FROM text EXCEPT SELECT text_key FROM item WHERE text_key IS NOT NULL',
  )
  /** Added by this process, no version uses them yet. */
  const pending = new Set<number>()

  function release(key: number | null): void {
    if (key === null || pending.has(key) || used.get(key) !== undefined) return
    remove.run(key)
  }

  function dropUnused(): void {
    for (const key of pending) remove.run(key)
    pending.clear()
  }

  function sweep(): void {
    for (const { rowid } of unused.all()) if (!pending.has(rowid)) remove.run(rowid)
  }

  function add(text: ItemText): number {
    const key = Number(insert.run(text.title, text.from, text.to, text.body).lastInsertRowid)
    pending.add(key)
    return key
  }

  function use(key: number | null): void {
    if (key !== null) pending.delete(key)
  }

  return { add, use, release, dropUnused, sweep }
}

export function textMethods(connection: Connection, texts: Texts): Pick<Catalog, 'addText'> {
  return { addText: (text) => connection.write(() => texts.add(text)) }
}
