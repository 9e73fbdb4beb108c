import type { CustomScheme, Protocol } from 'electron'
import { app } from './app.ts'
import { plain } from './plain.ts'
import { changed, contribute } from './recorder.ts'

type Handler = (request: Request) => Response | Promise<Response>

const chromiumsOwn = new Set(['http', 'https', 'ws', 'wss', 'file', 'data', 'blob', 'about', 'javascript'])
const schemes = new Set<string>()
let privileged: readonly CustomScheme[] = []

/** Every scheme that the app answers itself, in whatever session. */
export function ownSchemes(): readonly string[] {
  return [...schemes]
}

/** The schemes of one session. */
export class StandInProtocol {
  readonly #handlers = new Map<string, Handler>()

  handle(scheme: string, handler: Handler): void {
    if (!app.isReady()) throw new Error('protocol.handle cannot be called before the app is ready')
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    if (!chromiumsOwn.has(scheme)) schemes.add(scheme)
    this.#handlers.set(scheme, handler)
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme)
  }

  registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    privileged = customSchemes
    for (const { scheme } of customSchemes) schemes.add(scheme)
    changed()
  }

  handlerOf(url: string): Handler | undefined {
    return this.#handlers.get(url.slice(0, url.indexOf(':')))
  }
}

StandInProtocol satisfies new () => Pick<Protocol, Exclude<keyof StandInProtocol, 'handlerOf'>>
contribute('privilegedSchemes', () => privileged.map(plain))
