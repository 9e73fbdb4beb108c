import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'

/** What a second instance leaves for the first. */
export interface SecondInstance {
  readonly argv: readonly string[]
  readonly workingDirectory: string
  readonly additionalData: unknown
}

const lockName = 'stand-in-instance'

/**
 * One instance per profile, over files, because Electron asks and tells synchronously: a lock file with the first
 * instance's process number, and a folder in which a second one leaves its message.
 */
export class SingleInstance {
  readonly #lock: string
  readonly #messages: string
  readonly #onSecond: (second: SecondInstance) => void
  #held = false
  #stopWatching: (() => void) | undefined

  constructor(profile: string, onSecond: (second: SecondInstance) => void) {
    this.#lock = join(profile, `${lockName}.lock`)
    this.#messages = join(profile, `${lockName}.messages`)
    this.#onSecond = onSecond
    mkdirSync(profile, { recursive: true })
  }

  get held(): boolean {
    return this.#held
  }

  /** Whether this is the first instance; otherwise the first one is told. */
  request(message: SecondInstance): boolean {
    if (this.#held || this.#take()) return true
    this.#tell(message)
    return false
  }

  release(): void {
    if (!this.#held) return
    this.#held = false
    this.#stopWatching?.()
    rmSync(this.#lock, { force: true })
  }

  #take(): boolean {
    rmOfTheDead(this.#lock)
    try {
      writeFileSync(this.#lock, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if (isExisting(error)) return false
      throw error
    }
    this.#held = true
    this.#listen()
    return true
  }

  #listen(): void {
    rmSync(this.#messages, { recursive: true, force: true })
    mkdirSync(this.#messages, { recursive: true })
    const watcher = watch(this.#messages, () => this.#readMessages())
    this.#stopWatching = () => watcher.close()
  }

  #readMessages(): void {
    for (const name of readdirSync(this.#messages).filter((each) => each.endsWith('.json'))) {
      const path = join(this.#messages, name)
      const message = JSON.parse(readFileSync(path, 'utf8')) as SecondInstance
      rmSync(path)
      this.#onSecond(message)
    }
  }

  #tell(message: SecondInstance): void {
    const path = join(this.#messages, randomUUID())
    writeFileSync(path, JSON.stringify(message))
    // Under its last name it is whole.
    renameSync(path, `${path}.json`)
  }
}

/** Removes a lock whose process has ended without removing it. */
function rmOfTheDead(lock: string): void {
  let pid: number
  try {
    pid = Number(readFileSync(lock, 'utf8'))
  } catch {
    return
  }
  if (!isAlive(pid)) rmSync(lock, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isExisting(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST'
}
