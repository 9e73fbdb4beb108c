import { randomBytes } from 'node:crypto'
import type { SimulatorClock } from '../../../clock.ts'
import { guidFrom } from '../../../random.ts'
import { GrowingContent } from './content.ts'
import type { ConflictBehavior, Drive } from './drive.ts'
import type { Identities, StoredItem, Times } from './item.ts'

/** Where the file of a session goes and what it is given. */
export interface UploadTarget {
  readonly drive: Drive
  /** Undefined for a session that replaces `existing`. */
  readonly parent: StoredItem | undefined
  readonly existing: StoredItem | undefined
  readonly name: string
  readonly conflict: ConflictBehavior
  readonly times: Partial<Times>
  readonly description: string | undefined
  readonly deferCommit: boolean
  readonly fileSize: number | undefined
  readonly by: Identities
}

export interface UploadSession {
  readonly id: string
  readonly key: string
  readonly target: UploadTarget
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly content: GrowingContent
  /** Total size, known from the first fragment on. */
  total: number | undefined
}

const lifetimeMs = 24 * 60 * 60_000

/** Open upload sessions of drives. */
export class UploadSessions {
  private readonly clock: SimulatorClock
  private readonly open = new Map<string, UploadSession>()
  private count = 0

  constructor(clock: SimulatorClock) {
    this.clock = clock
  }

  start(target: UploadTarget): UploadSession {
    const id = guidFrom(`drive upload ${target.drive.id} ${String(this.count++)}`)
    const session: UploadSession = {
      id,
      key: randomBytes(24).toString('base64url'),
      target,
      expiresAt: this.clock.now() + lifetimeMs,
      content: new GrowingContent(),
      total: undefined,
    }
    this.open.set(id, session)
    return session
  }

  find(id: string): UploadSession | undefined {
    const session = this.open.get(id)
    return session !== undefined && session.expiresAt > this.clock.now() ? session : undefined
  }

  end(session: UploadSession): void {
    this.open.delete(session.id)
  }

  /** Sessions that are still open. */
  get pending(): number {
    return [...this.open.values()].filter(({ expiresAt }) => expiresAt > this.clock.now()).length
  }
}
