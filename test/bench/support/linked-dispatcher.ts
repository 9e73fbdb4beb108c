import { Agent, buildConnector } from 'undici'

/** Connects to this port of the machine, whatever is asked for: pre-authenticated addresses take the same line. */
export function linkedDispatcher(port: number): Agent {
  const connector = buildConnector({})
  return new Agent({
    connect: (target, callback) => {
      connector({ ...target, hostname: '127.0.0.1', port: String(port) }, callback)
    },
  })
}
