import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ask, askToEnd } from './support/ask.ts'
import { Desktop, mainWindow, clientSecret, vaultPassphrase } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { keptTokens } from './support/secrets.ts'
import { signInAs } from './support/sign-in.ts'
import { chooseFolder, goOn, signInAndChooseAll, startFirstRun, takePassphrase } from './support/wizard-steps.ts'

const withSecret = (sent: readonly string[], secrets: readonly string[]): readonly string[] =>
  sent.filter((text) => secrets.some((secret) => text.includes(secret)))

test('the window never gets to see a secret, but the passphrase that it suggests', async () => {
  const desktop = await Desktop.set()
  const place = desktop.path('repository')
  const app = await desktop.start()
  const page = await mainWindow(app)
  await signInAndChooseAll(desktop, app, page)
  await chooseFolder(app, page, place)
  const passphrase = await takePassphrase(app, page, desktop.path('kit.html'))
  await goOn(page)
  await startFirstRun(page)
  const first = await app.sentToPages()
  // The one answer in which it has to be.
  expect(withSecret(first, [passphrase]).map((text) => text.slice(0, 200))).toHaveLength(1)
  expect(withSecret(first, [passphrase])[0]).toContain('"bits"')
  const others = [clientSecret, vaultPassphrase, desktop.simulator.desk.password(ada)]
  const tokens = await keptTokens(desktop)
  expect(tokens.length).toBeGreaterThan(2)
  expect(withSecret(first, [...others, ...tokens])).toEqual([])
  await app.close()

  const again = await desktop.start()
  const window = await mainWindow(again)
  const { clientId, tenantId } = desktop.simulator
  const [account] = await ask(window, 'accounts.list', {})
  const person = { name: account?.name ?? '', clientId, tenantId: '', cloud: 'global', how: 'window' } as const
  const signedIn = ask(window, 'accounts.signIn', person)
  await signInAs(desktop, again, ada)
  expect(await signedIn).toMatchObject({ username: ada })
  const registration = { name: 'firm', clientId, tenantId, cloud: 'global' } as const
  const secret = { kind: 'secret', secret: clientSecret } as const
  await ask(window, 'accounts.signInApplication', { ...registration, credential: secret })
  const [plan] = await ask(window, 'plans.list', {})
  expect(await askToEnd(window, 'plans.run', { plan: plan?.id ?? '' })).toMatchObject({ outcome: 'done' })
  await ask(window, 'plans.get', { plan: plan?.id ?? '' })
  await ask(window, 'keys.list', { place })
  await ask(window, 'destinations.figures', { place })
  const [snapshot] = (await ask(window, 'snapshots.list', { place, cursor: null })).rows
  const target = { kind: 'folder', path: desktop.path('restored') } as const
  const wish = { place, snapshot: snapshot?.id ?? '', paths: [`users/${ada}`], target, dryRun: false }
  expect(await askToEnd(window, 'restore.start', wish)).toMatchObject({ kind: 'restore', outcome: 'done' })
  expect(readdirSync(desktop.path('restored'))).not.toEqual([])
  const sent = await again.sentToPages()
  expect(sent.some((text) => text.includes(place))).toBe(true)
  const all = [passphrase, ...others, ...tokens, ...(await keptTokens(desktop))]
  expect(withSecret(sent, all).map((text) => text.slice(0, 200))).toEqual([])
  await again.close()
})
