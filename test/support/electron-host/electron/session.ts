import { EventEmitter } from 'node:events'
import type { Session } from 'electron'
import { toBrowser } from '../addresses.ts'
import type { Cookie, SessionKey } from '../link/messages.ts'
import { host } from './app-link.ts'
import { app } from './app.ts'
import { ownSchemes, StandInProtocol } from './protocol.ts'
import { StandInWebRequest } from './web-request.ts'

type RequestHandler = (
  contents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: object,
) => void
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean

/** Cookies, schemes, network and permissions of the windows that share it. */
export class StandInSession extends EventEmitter {
  readonly key: SessionKey
  readonly protocol = new StandInProtocol()
  readonly webRequest = new StandInWebRequest()
  #onRequest: RequestHandler | undefined
  #onCheck: CheckHandler | undefined

  constructor(key: SessionKey) {
    super()
    this.key = key
  }

  readonly cookies = {
    get: async (filter: { readonly url?: string; readonly name?: string } = {}): Promise<readonly Cookie[]> => {
      const url = filter.url === undefined ? undefined : toBrowser(filter.url, ownSchemes())
      const cookies = await host.call('session.cookies', { session: this.key, url })
      return cookies.filter(({ name }) => filter.name === undefined || name === filter.name)
    },
    flushStore: async (): Promise<void> => undefined,
  }

  isPersistent = (): boolean => this.key === '' || this.key.startsWith('persist:')
  getStoragePath = (): string | null => (this.isPersistent() ? app.getPath('sessionData') : null)
  clearStorageData = async (): Promise<void> => host.call('session.clear', { session: this.key })
  clearData = async (): Promise<void> => host.call('session.clear', { session: this.key })
  clearCache = async (): Promise<void> => undefined
  clearAuthCache = async (): Promise<void> => undefined
  closeAllConnections = async (): Promise<void> => undefined
  setSpellCheckerEnabled = (): void => undefined
  setSpellCheckerLanguages = (): void => undefined
  setDevicePermissionHandler = (): void => undefined
  setDisplayMediaRequestHandler = (): void => undefined
  setUSBProtectedClassesHandler = (): void => undefined
  setPermissionRequestHandler = (handler: RequestHandler | null): void => void (this.#onRequest = handler ?? undefined)
  setPermissionCheckHandler = (handler: CheckHandler | null): void => void (this.#onCheck = handler ?? undefined)

  /** What main decides. Chromium itself is never told: without a person to ask, it grants nothing. */
  async askPermission(contents: unknown, permission: string, origin: string): Promise<boolean | undefined> {
    const handler = this.#onRequest
    if (handler === undefined) return undefined
    const details = { requestingUrl: origin, isMainFrame: true }
    return await new Promise<boolean>((resolve) => handler(contents, permission, resolve, details))
  }

  checkPermission(contents: unknown, permission: string, origin: string): boolean | undefined {
    const details = { requestingUrl: origin, isMainFrame: true }
    return this.#onCheck?.(contents, permission, origin, details)
  }
}

type Own = 'key' | 'protocol' | 'webRequest' | 'cookies' | 'askPermission' | 'checkPermission'
type Handlers = 'setPermissionRequestHandler' | 'setPermissionCheckHandler'
StandInSession satisfies new (
  key: string,
) => Pick<Session, Exclude<keyof StandInSession, keyof EventEmitter | Own | Handlers>>

const sessions = new Map<SessionKey, StandInSession>()

function sessionOf(key: SessionKey): StandInSession {
  const known = sessions.get(key)
  if (known !== undefined) return known
  const created = new StandInSession(key)
  sessions.set(key, created)
  app.emit('session-created', created)
  return created
}

/** The session of an answer of the browser. */
export function sessionByKey(key: SessionKey): StandInSession {
  return sessionOf(key)
}

export const session = {
  get defaultSession() {
    return sessionOf('')
  },
  fromPartition: (partition: string) => sessionOf(partition),
}

export const protocol = {
  handle: (...given: Parameters<StandInProtocol['handle']>) => session.defaultSession.protocol.handle(...given),
  unhandle: (scheme: string) => session.defaultSession.protocol.unhandle(scheme),
  isProtocolHandled: (scheme: string) => session.defaultSession.protocol.isProtocolHandled(scheme),
  registerSchemesAsPrivileged: (...given: Parameters<StandInProtocol['registerSchemesAsPrivileged']>) =>
    session.defaultSession.protocol.registerSchemesAsPrivileged(...given),
} satisfies Pick<StandInProtocol, 'handle' | 'unhandle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged'>
