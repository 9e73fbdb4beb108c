import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { missingKeychain, newHome, runInSession, type KeychainState, type Outcome } from './keychain-session.ts'

const script = fileURLToPath(new URL('./keychain-process.ts', import.meta.url))
const reason = missingKeychain()
if (reason !== undefined) process.stderr.write(`no test against a real keychain: ${reason}\n`)

interface Place {
  readonly keychain?: KeychainState
  readonly home?: string
  readonly partLength?: number
}

async function call(calls: readonly (readonly string[])[], place: Place = {}): Promise<unknown[]> {
  const { partLength, ...more } = place
  const args = [JSON.stringify(calls), ...(partLength === undefined ? [] : [String(partLength)])]
  return lines(await runInSession({ script, args, ...more }))
}

function lines({ stdout, stderr }: Outcome): unknown[] {
  const parsed = stdout.split('\n').filter((line) => line !== '')
  if (parsed.length === 0) throw new Error(`the process said nothing: ${stderr}`)
  return parsed.map((line) => JSON.parse(line) as unknown)
}

const values = (answers: readonly unknown[]): unknown[] =>
  answers.map((answer) => (answer as { value?: unknown }).value)

describe.skipIf(reason !== undefined)('a real keychain (gnome-keyring)', () => {
  it('keeps, replaces, lists and forgets secrets, also in the next session', async () => {
    const home = await newHome()
    const first = [
      ['get', 'account/a'],
      ['set', 'account/a', 'one'],
      ['set', 'account/b', 'zwei ✓'],
      ['set', 'tokens/a', 'x'.repeat(100_000)],
      ['set', 'account/a', 'uno'],
      ['list', 'account/'],
    ]
    const names = ['account/a', 'account/b']
    expect(values(await call(first, { home }))).toEqual([null, null, null, null, null, names])
    const second = [
      ['get', 'account/a'],
      ['get', 'account/b'],
      ['get', 'tokens/a'],
      ['delete', 'account/a'],
      ['delete', 'account/a'],
      ['list', ''],
    ]
    const found = ['uno', 'zwei ✓', 'x'.repeat(100_000), true, false, ['account/b', 'tokens/a']]
    expect(values(await call(second, { home }))).toEqual(found)
  })

  it('keeps long values in parts, and leaves none behind', async () => {
    const long = 'abcdefg😀'.repeat(40)
    const answers = await call(
      [
        ['set', 'tokens/a', long],
        ['get', 'tokens/a'],
        ['set', 'tokens/a', `${long}!`],
        ['get', 'tokens/a'],
        ['list', ''],
        ['delete', 'tokens/a'],
        ['get', 'tokens/a'],
        ['list', ''],
      ],
      { partLength: 50 },
    )
    expect(values(answers)).toEqual([null, long, null, `${long}!`, ['tokens/a'], true, null, []])
  })

  it('says so when nobody on the bus keeps secrets, and takes no other place in silence', async () => {
    const answers = await call([['set', 'account/a', 'one']], { keychain: 'none' })
    expect(answers).toMatchObject([{ error: 'secrets.no-keychain' }])
  })

  it('says so when there is no bus', async () => {
    const answers = await call([['set', 'account/a', 'one']], { keychain: 'no-bus' })
    expect(answers).toMatchObject([{ error: 'secrets.no-keychain' }])
  })

  it('says so when it is locked and nobody can be asked', async () => {
    const home = await newHome()
    await call([['set', 'account/a', 'one']], { home })
    const [answer] = await call([['get', 'account/a']], { home, keychain: 'locked' })
    expect(answer).toMatchObject({ error: 'secrets.keychain-locked' })
  })

  it('says so when it was never set up and nobody can be asked', async () => {
    const answers = await call([['set', 'account/a', 'one']], { keychain: 'locked' })
    expect(answers).toMatchObject([{ error: 'secrets.no-keychain' }])
  })
})
