import { open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { tryLockFile } from './lock-file.ts'
import { errnoOf, inPlace, makeFolder, readText } from './private-file.ts'

export interface RotatedLinesOptions {
  /** Bytes from which on a new file is begun. */
  readonly maxBytes: number
  /** How many full files are kept beside the open one: `<path>.1` is the newest of them. */
  readonly keep: number
}

/** Lines of JSON in a file that never grows for ever. Several processes may append to it. */
export interface RotatedLines {
  /** Appends objects, each on a line of its own; durable when it resolves. Rejects with `store.*`. */
  append(lines: readonly object[]): Promise<void>
  /** Everything that is there, oldest first. A line that is no JSON (cut off by a power cut) is left out. */
  read(): Promise<readonly unknown[]>
}

const ROTATING_MS = 30_000

export function rotatedLines(path: string, { maxBytes, keep }: RotatedLinesOptions): RotatedLines {
  const older = Array.from({ length: keep }, (_, at) => `${path}.${String(at + 1)}`)
  return {
    append: (lines) =>
      inPlace(path, async () => {
        await makeFolder(dirname(path))
        if ((await sizeOf(path)) >= maxBytes) await rotateIfFull(path, older, maxBytes)
        await appendText(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      }),
    read: () =>
      inPlace(path, async () => {
        const texts: string[] = []
        for (const file of [...older.toReversed(), path]) texts.push((await readText(file)) ?? '')
        return texts.flatMap((text) => text.split('\n').flatMap(parsed))
      }),
  }
}

async function appendText(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    // What a power cut left unfinished must not swallow the next line.
    await file.appendFile(size > 0 && last.toString() !== '\n' ? `\n${text}` : text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** One at a time: two at once would move one file over another. Whoever comes second appends to what is there. */
async function rotateIfFull(path: string, older: readonly string[], maxBytes: number): Promise<void> {
  const attempt = await tryLockFile(`${path}.rotate`, { now: () => Date.now(), staleMs: ROTATING_MS })
  if (!('lock' in attempt)) return
  try {
    if ((await sizeOf(path)) >= maxBytes) await rotate(path, older)
  } finally {
    await attempt.lock.release()
  }
}

async function rotate(path: string, older: readonly string[]): Promise<void> {
  const files = [path, ...older]
  for (let at = older.length; at > 0; at--) await moveIfThere(files[at - 1] ?? path, files[at] ?? path)
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0
    throw error
  }
}

function parsed(line: string): readonly unknown[] {
  if (line === '') return []
  try {
    return [JSON.parse(line) as unknown]
  } catch {
    return []
  }
}
