import { describe, expect, it } from 'vitest'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { hasRestic, restic } from '../repository/restic.ts'
import { ada, AccountsScene, grace } from './accounts-scene.ts'
import { downloadFolder } from './download-folder.ts'
import { PASSPHRASE, requireCode } from './program.ts'

const SIGN_IN_AGAIN = 'sign in again with "holdfast login --account ada"'

const checkedByRestic = async (folder: string): Promise<void> => {
  if (!hasRestic) return
  expect(await restic(folder, ['check', '--read-data'], { passphrase: PASSPHRASE })).toContain('no errors were found')
}

describe.skipIf(process.platform !== 'linux')('a person who signs in in the browser', () => {
  it('backs up to a folder and to their own OneDrive until they take their consent back', async () => {
    const scene = await AccountsScene.open()
    const { simulator, place } = scene
    const types = ['--types', 'mail,onedrive-destination']
    const { done: signedIn, pages } = await scene.runWithBrowser(scene.login('--account', 'ada', ...types), ada)
    requireCode(signedIn, 0)
    expect(signedIn.stdout).toContain(`Signed in as ${ada}; the account is called "ada".`)
    expect(pages).toHaveLength(1)
    expect(pages[0]?.text).toContain('You can close this window.')

    await place.init()
    const url = 'onedrivev2://Backups/Own?authid=ada'
    requireCode(await scene.run(['init', url]), 0)
    for (const destination of [place.repository, url]) {
      const done = await scene.run(['backup', destination, '--account', 'ada', '--json'])
      requireCode(done, 0)
      const summary = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '{}') as unknown
      expect(summary).toMatchObject({ users: 1, items_read: 3, items_unread: 0 })
      const listed = await scene.run(['snapshots', destination])
      expect(listed.stdout).toContain(`/users/${ada}`)
      expect(listed.stdout).not.toContain(grace)
    }
    await checkedByRestic(place.repository)
    const copy = place.path('copy')
    const [drive = ''] = drivesOf(simulator.tenant).driveIds(ada)
    await downloadFolder(simulator, { drive, path: 'Backups/Own' }, copy, scene.ca)
    await checkedByRestic(copy)

    simulator.desk.revokeConsent(ada)
    for (const destination of [place.repository, url]) {
      const refused = await scene.run(['backup', destination, '--account', 'ada'])
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(SIGN_IN_AGAIN)])
    }
    const { done: again } = await scene.runWithBrowser(scene.login('--account', 'ada', ...types), ada)
    requireCode(again, 0)
    requireCode(await scene.run(['backup', url, '--account', 'ada']), 0)
    expect(await scene.leaks([simulator.desk.password(ada)])).toEqual([])
  })
})
