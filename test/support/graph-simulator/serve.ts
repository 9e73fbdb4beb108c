import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { controlTargets } from './control/targets.ts'
import type { SpawnOptions } from './options.ts'
import { startGraphSimulator } from './simulator.ts'

/**
 * Runs a simulator in a process of its own. Reads its options as one line of JSON from standard input, prints one line
 * of JSON with its addresses, and ends when standard input ends: it never outlives the process that started it.
 */
async function serve(): Promise<void> {
  const options = JSON.parse(await firstLine()) as SpawnOptions
  const key = randomBytes(24).toString('base64url')
  const simulator = await startGraphSimulator(options, { key, target: controlTargets })
  const { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret } = simulator
  const controlUrl = `${graphBaseUrl}/_control`
  const hello = { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret, controlUrl, controlKey: key }
  process.stdout.write(`${JSON.stringify(hello)}\n`)
  await text(process.stdin)
  await simulator.close()
}

function firstLine(): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const take = (chunk: Buffer): void => {
      received += chunk.toString('utf8')
      const end = received.indexOf('\n')
      if (end < 0) return
      process.stdin.off('data', take)
      process.stdin.off('end', ended)
      process.stdin.pause()
      resolve(received.slice(0, end))
    }
    const ended = (): void => {
      reject(new Error('Standard input ended before the options came'))
    }
    process.stdin.on('data', take)
    process.stdin.once('end', ended)
  })
}

await serve()
