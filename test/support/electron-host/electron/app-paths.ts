import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { App } from 'electron'

type PathName = Parameters<App['getPath']>[0]

/** Where the app's folders are: all of them below the profile that the test gave, so that nothing else is touched. */
export class AppPaths {
  readonly #profile: string
  readonly #main: string
  readonly #set = new Map<string, string>()

  constructor(profile: string, main: string) {
    this.#profile = profile
    this.#main = main
  }

  get(name: PathName): string {
    const path = this.#set.get(name) ?? this.#usual(name)
    // Electron makes the folder of its own data, and no other.
    if (name === 'userData') mkdirSync(path, { recursive: true })
    return path
  }

  set(name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute')
    this.#set.set(name, path)
  }

  #usual(name: PathName): string {
    switch (name) {
      case 'userData':
      case 'sessionData':
        return this.#profile
      case 'appData':
        return dirname(this.#profile)
      case 'temp':
        return tmpdir()
      case 'exe':
        return process.execPath
      case 'module':
        return this.#main
      case 'logs':
      case 'crashDumps':
        return join(this.#profile, name)
      case 'home':
        return join(this.#profile, 'home')
      default:
        return join(this.#profile, 'home', name)
    }
  }
}
