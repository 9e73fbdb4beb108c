import { open, type FileHandle } from 'node:fs/promises'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { safeName, nameKey } from '../../../src-shared/model/safe-name.ts'
import { errnoOf, toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { withPlace } from '../parts/error-place.ts'

const MAX_NAME = 180

/** Files of an export below a folder: names are safe, none is used twice, what is there is never overwritten. */
export class TargetFiles {
  readonly #folder: string
  readonly #taken = new Set<string>()
  #written = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  get written(): number {
    return this.#written
  }

  /** Makes the file and gives it to `fill`; its path from the folder. Rejects with `store.*`. */
  async write(
    folders: readonly string[],
    name: string,
    extension: string,
    fill: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<string> {
    const parts = folders.map((folder) => safeName(folder, MAX_NAME))
    const stem = safeName(name, MAX_NAME)
    try {
      for (let number = 1; ; number++) {
        const file = `${stem}${number === 1 ? '' : ` (${String(number)})`}${extension}`
        const key = nameKey([...parts, file].join('/'))
        if (this.#taken.has(key)) continue
        this.#taken.add(key)
        const path = join(this.#folder, ...parts, file)
        await mkdir(dirname(path), { recursive: true })
        const handle = await openNew(path)
        if (handle === undefined) continue
        await filled(handle, fill)
        this.#written++
        return [...parts, file].join('/')
      }
    } catch (error) {
      throw withPlace(toStoreError(error), this.#folder)
    }
  }
}

/** Undefined if there is one of that name. */
async function openNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined
    throw error
  }
}

async function filled(
  handle: FileHandle,
  fill: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  try {
    await fill(async (bytes) => {
      await handle.appendFile(bytes)
    })
  } finally {
    await handle.close()
  }
}
