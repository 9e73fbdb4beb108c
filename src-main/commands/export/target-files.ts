import { EngineError, TargetFolders } from '../../engine/index.ts'
import { safeName, nameKey } from '../../../src-shared/model/safe-name.ts'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { withPlace } from '../parts/error-place.ts'
import { writeNewFile, type GrowingFile } from '../parts/new-file.ts'

const MAX_NAME = 180

/**
 * Files of an export below a folder: names are safe, none is used twice, what is there is never overwritten, no folder is
 * reached through a link, and what is not whole has no name.
 */
export class TargetFiles {
  readonly #folders: TargetFolders
  readonly #taken = new Set<string>()
  #written = 0

  constructor(folder: string) {
    this.#folders = new TargetFolders(folder)
  }

  get written(): number {
    return this.#written
  }

  /** Makes the file as `fill` does; its path from the folder. Rejects with `store.*`, restore.target-exists or as `fill`. */
  async write(
    folders: readonly string[],
    name: string,
    extension: string,
    fill: (file: GrowingFile) => Promise<void>,
  ): Promise<string> {
    const parts = folders.map((folder) => safeName(folder, MAX_NAME))
    const stem = safeName(name, MAX_NAME)
    try {
      const folder = await this.#folder(parts)
      const path = await writeNewFile(folder, fill, (take) => this.#named(parts, stem, extension, take))
      this.#written++
      return path
    } catch (error) {
      throw withPlace(toStoreError(error), this.#folders.root)
    }
  }

  async #folder(parts: readonly string[]): Promise<string> {
    const path = parts.join('/')
    const refusal = await this.#folders.make(path)
    if (refusal !== undefined) throw new EngineError(refusal)
    return this.#folders.place(path)
  }

  async #named(
    parts: readonly string[],
    stem: string,
    extension: string,
    take: (name: string) => Promise<boolean>,
  ): Promise<string> {
    for (let number = 1; ; number++) {
      const file = `${stem}${number === 1 ? '' : ` (${String(number)})`}${extension}`
      const path = [...parts, file].join('/')
      const key = nameKey(path)
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      if (await take(file)) return path
    }
  }
}
