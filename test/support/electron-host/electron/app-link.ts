import { Link, type Wire } from '../link/link.ts'
import type { AppMethods, HostMethods } from '../link/messages.ts'

let unsent = 0
let onFlushed: (() => void) | undefined

/** The channel to the process that started this one; it is hidden from main, which in Electron has none. */
function takeWire(): Wire {
  if (process.send === undefined) throw new Error('the stand-in for Electron is started by launch.ts')
  const post = process.send.bind(process)
  Object.defineProperty(process, 'send', { value: undefined })
  return {
    send: (message) => {
      unsent++
      post(message, undefined, undefined, sent)
    },
    listen: (onMessage, onEnd) => {
      process.on('message', onMessage)
      process.on('disconnect', onEnd)
    },
  }
}

function sent(): void {
  unsent--
  if (unsent === 0) onFlushed?.()
}

/** To the process that owns the browser. Without it there is nothing to show: this process ends with it. */
export const host = new Link<AppMethods, HostMethods>(takeWire(), () => process.exit(0))

/** Resolves once everything that was sent has left this process. */
export async function flushHost(): Promise<void> {
  if (unsent > 0) await new Promise<void>((resolve) => (onFlushed = resolve))
}
