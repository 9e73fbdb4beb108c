import { guidFrom } from '../random.ts'
import type { NewAttachment } from './attachment-input.ts'

/** The item that gets the attachment. */
export interface UploadTarget {
  /** As Outlook's own addresses name the collection. */
  readonly collection: 'Messages' | 'Events'
  /** Id in the form the session was asked for with. */
  readonly id: string
  isGone(): boolean
  /** Puts the attachment there; gives its id. */
  attach(now: number, attachment: NewAttachment): string
}

/** A large attachment on its way. */
export interface UploadSession {
  readonly id: string
  readonly authToken: string
  readonly userId: string
  readonly target: UploadTarget
  readonly name: string
  readonly contentType: string | undefined
  readonly isInline: boolean
  readonly contentId: string | undefined
  readonly size: number
  readonly expiresAt: number
  /** Ranges received so far, in order and without a gap. */
  readonly ranges: Buffer[]
  received: number
}

/** Open upload sessions by id. */
export class UploadSessions {
  private readonly open = new Map<string, UploadSession>()
  private next = 1

  start(more: Omit<UploadSession, 'id' | 'authToken' | 'ranges' | 'received'>): UploadSession {
    const name = `${more.userId}:${String(this.next++)}`
    const session: UploadSession = {
      ...more,
      id: `AAMkAD${Buffer.from(name).toString('base64url')}AAA=`,
      authToken: Buffer.from(guidFrom(`upload ${name}`)).toString('base64url'),
      ranges: [],
      received: 0,
    }
    this.open.set(session.id, session)
    return session
  }

  find(id: string, now: number): UploadSession | undefined {
    const session = this.open.get(id)
    return session !== undefined && session.expiresAt > now ? session : undefined
  }

  end(session: UploadSession): void {
    this.open.delete(session.id)
  }
}
