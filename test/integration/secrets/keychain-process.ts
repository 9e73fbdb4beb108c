import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { openKeychain } from '../../../src-main/secrets/keychain.ts'

/** One line: a call of the SecretStore, by name and arguments. */
type Call = readonly ['get' | 'delete' | 'list', string] | readonly ['set', string, string]

/** Carries out the calls of its first argument (JSON) on the keychain of its session, and prints what came of each. */
async function run(calls: readonly Call[], partLength: number | undefined): Promise<void> {
  try {
    const keychain = await openKeychain(partLength === undefined ? {} : { partLength })
    for (const [name, ...given] of calls) {
      const [first = '', second = ''] = given
      if (name === 'set') await keychain.set(first, second)
      print({ value: name === 'set' ? null : ((await keychain[name](first)) ?? null) })
    }
  } catch (error) {
    print(isEngineError(error) ? { error: error.code, cause: String(error.cause) } : { error: String(error) })
  }
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

const [calls = '[]', partLength] = process.argv.slice(2)
await run(JSON.parse(calls) as Call[], partLength === undefined ? undefined : Number(partLength))
