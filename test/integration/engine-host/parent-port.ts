// Loaded first in a host of these tests: gives it Electron's parentPort in place of Node's channel.
import { isMainThread } from 'node:worker_threads'

type Listener = (event: { readonly data: unknown }) => void

/** Worker threads are started with the same arguments. */
if (isMainThread) {
  const post = process.send?.bind(process)
  if (post === undefined) throw new Error('the host is started by HostProcess')
  const parentPort = {
    postMessage: (message: unknown): void => void post([message]),
    on: (_event: 'message', listener: Listener): void => {
      process.on('message', (message) => listener({ data: (message as readonly [unknown])[0] }))
    },
  }
  process.on('disconnect', () => process.exit(0))
  Object.defineProperty(process, 'parentPort', { value: parentPort })
}
