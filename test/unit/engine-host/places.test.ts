import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ParamsOf } from '../../../src-shared/ipc/contract.ts'
import { parseGraphDestination } from '../../../src-main/destinations/graph-drive/urls.ts'
import { keptPlace, kindOf, titleOf } from '../../../src-main/engine-host/destinations/known-places.ts'
import { stateOf } from '../../../src-main/engine-host/destinations/place-state.ts'
import { placeAddress } from '../../../src-main/engine-host/directory/place-address.ts'
import { permissionRows } from '../../../src-main/engine-host/accounts/permissions.ts'
import { HostState } from '../../../src-main/engine-host/host-state.ts'
import { hostValues, noLimits } from '../../../src-main/engine-host/host-values.ts'
import { suggestPassphrase } from '../../../src-main/engine-host/passphrase/suggest.ts'
import { words } from '../../../src-main/engine-host/passphrase/words.ts'
import {
  forgetPassphrase,
  isKept,
  keptPassphrases,
  passphraseName,
  passphraseOf,
} from '../../../src-main/engine-host/passphrases.ts'
import type { SecretStore } from '../../../src-main/engine/ports/secret-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

type Picked = ParamsOf<'directory.place'>
const folders = ['Back#ups 100%', 'New & place']
const drive = { id: 'b!x/y', name: 'Documents', owner: 'Ada', free: null, total: null }
const site = { kind: 'site', id: 's', name: 'contoso.example/sites/it/pages ~abcdefghij', title: 'IT' } as const

describe('the address of what was picked', () => {
  const address = (more: Partial<Picked>): ReturnType<typeof placeAddress> =>
    placeAddress({ account: 'work', kind: 'onedrive', root: null, drive: null, folders: ['Backups'], ...more })

  it('leads back to it', () => {
    const { place, title } = address({ drive, folders })
    expect(parseGraphDestination(place)).toEqual({
      authid: 'work',
      place: { kind: 'onedrive', driveId: 'b!x/y', folder: folders },
    })
    expect(title).toBe('Back#ups 100%/New & place · Ada')
  })

  it('names the user, the group, or the library of a site', () => {
    const root = { kind: 'user', id: 'u', name: 'ada@contoso.example', title: 'Ada' } as const
    expect(address({ root }).place).toBe('onedrivev2://Backups?user=ada@contoso.example&authid=work')
    const group = { kind: 'group', id: 'g1', name: 'sales', title: 'Sales' } as const
    expect(address({ kind: 'group', root: group })).toEqual({
      ...{ place: 'msgroup://Backups?group-id=g1&authid=work', title: 'Backups · Sales' },
    })
    expect(address({ kind: 'sharepoint', root: site, drive })).toEqual({
      place: 'sharepoint://contoso.example/sites/it/pages/Documents/Backups?drive-id=b!x/y&authid=work',
      title: 'Backups · IT / Documents',
    })
  })

  it('is refused for names that no drive takes, and without what it needs', () => {
    expect(() => address({ folders: ['a:b'] })).toThrow(expect.objectContaining({ code: 'usage' }) as Error)
    expect(() => address({ kind: 'group' })).toThrow('No group was chosen')
    expect(() => address({ kind: 'sharepoint', root: site })).toThrow('No library was chosen')
  })
})

describe('places', () => {
  it('have a title and a kind, whatever they are', () => {
    expect([kindOf('/mnt/a'), titleOf('file:///mnt/a')]).toEqual(['folder', '/mnt/a'])
    expect([kindOf('msgroup://B?group-email=a@b.c'), titleOf('msgroup://B?group-email=a@b.c')]).toEqual([
      ...['group', 'B · a@b.c'],
    ])
    expect(titleOf('onedrivev2://A/B?authid=work')).toBe('A/B · work')
    expect(titleOf('sharepoint://c.example/sites/it/Docs/B')).toBe('c.example/sites/it/Docs/B')
    expect([kindOf('onedrivev2://'), titleOf('onedrivev2://')]).toEqual(['folder', 'onedrivev2://'])
  })

  it('are absent, empty, a repository or something else', () => {
    expect([undefined, [], ['.DS_Store'], ['config', 'data'], ['letter.txt']].map(stateOf)).toEqual([
      ...['absent', 'empty', 'empty', 'repository', 'other'],
    ])
  })

  it('keep their passphrases under names of their own that the keychain takes', () => {
    expect(passphraseName('/mnt/a b')).toMatch(/^passphrase\/[0-9a-f]{32}$/)
    expect(passphraseName('/mnt/a')).not.toBe(passphraseName('/mnt/b'))
    for (const place of ['/mnt/a/', '/mnt/./a', 'file:///mnt/a'])
      expect(passphraseName(place)).toBe(passphraseName('/mnt/a'))
  })

  it('find the passphrases that earlier versions kept under the name of a spelling', async () => {
    const earlier = `passphrase/${createHash('sha256').update('/mnt/a/').digest('hex').slice(0, 32)}`
    const kept = new Map([[earlier, 'open sesame']])
    const secrets: SecretStore = {
      get: (name) => Promise.resolve(kept.get(name)),
      set: (name, value) => Promise.resolve(void kept.set(name, value)),
      delete: (name) => Promise.resolve(kept.delete(name)),
      list: () => Promise.resolve([...kept.keys()]),
    }
    expect(await passphraseOf(secrets, '/mnt/a/')).toBe('open sesame')
    expect(isKept(await keptPassphrases(secrets), '/mnt/a/')).toBe(true)
    await secrets.set(passphraseName('/mnt/a/'), 'changed')
    expect(await passphraseOf(secrets, '/mnt/a/')).toBe('changed')
    await forgetPassphrase(secrets, '/mnt/a/')
    expect(kept.size).toBe(0)
  })

  it('are kept by one name, unless another one is known already', async () => {
    const profile = temporaryFolder('profile')
    const state = new HostState(profile)
    await state.notePlace('/mnt/odd/', {})
    expect(await keptPlace({ profile, state }, '/mnt/odd/')).toBe('/mnt/odd/')
    expect(await keptPlace({ profile, state }, '/mnt/new/')).toBe('/mnt/new')
    expect(await keptPlace({ profile, state }, 'file:///mnt/new')).toBe('/mnt/new')
    expect(await keptPlace({ profile, state }, 'onedrivev2://a/')).toBe('onedrivev2://a/')
  })
})

describe('permissions', () => {
  it('have one row each, with all that need them', () => {
    const of = (type: string, during: string, anyOf: readonly string[], granted: readonly string[]) => ({
      ...{ message_type: 'permission', roots: 'users', what: 'x', missing: granted.length === 0 },
      ...{ type, during, any_of: anyOf, granted },
    })
    expect(
      permissionRows([
        of('mail', 'back up', ['Mail.Read', 'Mail.ReadWrite'], ['Mail.ReadWrite']),
        of('mail', 'restore', ['Mail.ReadWrite'], ['Mail.ReadWrite']),
        of('users', 'back up', ['User.Read.All'], []),
        of('profile', 'back up', ['User.Read.All'], []),
        of('chats', 'back up', [], []),
      ]),
    ).toEqual([
      { permission: 'Mail.ReadWrite', types: ['mail'], granted: true, restore: false },
      { permission: 'Mail.ReadWrite', types: ['mail'], granted: true, restore: true },
      { permission: 'User.Read.All', types: ['users', 'profile'], granted: false, restore: false },
    ])
  })
})

describe('what holds for everything the host does', () => {
  it('comes from the environment only where that changes no plan', () => {
    const environment = {
      HOLDFAST_VAULT: '/vault',
      HOLDFAST_OFFICE365_GRAPH_BASE_URL: 'http://127.0.0.1:1',
      HOLDFAST_EXCLUDE: 'users/**',
      HOLDFAST_ACCOUNT: 'other',
      HOLDFAST_OFFICE365_LOGIN_BASE_URL: '',
    }
    const values = hostValues(environment, noLimits)
    expect(values.text('vault')).toBe('/vault')
    expect(values.text('office365-graph-base-url')).toBe('http://127.0.0.1:1')
    for (const name of ['exclude', 'account', 'office365-login-base-url', 'limit-upload'])
      expect(values.has(name), name).toBe(false)
  })

  it('has the rates of the preferences in KiB a second, and never none by rounding', () => {
    const values = hostValues({}, { upload: 500 * 1024, download: 10 })
    expect([values.text('limit-upload'), values.text('limit-download')]).toEqual(['500', '1'])
  })
})

describe('a suggested passphrase', () => {
  it('is of words that are chosen by chance, and says how much of it', () => {
    let at = 0
    const { passphrase, bits } = suggestPassphrase((most) => (at = (at + 300) % most))
    expect(passphrase.split('-')).toEqual([300, 600, 900, 1200, 1500, 1800, 52].map((index) => words[index]))
    expect(bits).toBe(77)
    expect(new Set(Array.from({ length: 50 }, () => suggestPassphrase().passphrase)).size).toBe(50)
  })

  it('has a list without doubles to choose from, told apart by four letters', () => {
    expect(words).toHaveLength(2048)
    expect(new Set(words.map((word) => word.slice(0, 4))).size).toBe(2048)
    expect(words.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true)
  })
})
