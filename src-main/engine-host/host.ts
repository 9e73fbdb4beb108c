import { openHostLog } from './host-log.ts'
import { startHost } from './start-host.ts'
import type { HostPort } from './serve.ts'
import { whereOf } from './serve.ts'
import { profileArgument } from './wire.ts'

/** Electron's, in a utility process. https://www.electronjs.org/docs/latest/api/parent-port */
interface UtilityProcess {
  readonly parentPort?: HostPort
}

const { parentPort } = process as UtilityProcess
const profile = process.argv[process.argv.indexOf(profileArgument) + 1]

if (parentPort === undefined || !process.argv.includes(profileArgument) || profile === undefined)
  throw new Error(`the engine host is started by the app, with ${profileArgument} <folder>`)

const log = openHostLog(profile, (sentence) => process.stderr.write(`engine host: ${sentence}\n`))

// A promise that nobody waits for has failed: the requests that do have a right to their answers. What is thrown past
// all promises ends the process, and main starts another.
process.on('unhandledRejection', (error) => log.tell(`a failure that nobody waited for: ${whereOf(error)}`))

startHost({ port: parentPort, profile, environment: process.env, log })
