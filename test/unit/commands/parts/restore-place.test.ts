import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderPath } from '../../../../src-main/commands/parts/destination.ts'
import { readRestorePlace } from '../../../../src-main/commands/parts/restore-place.ts'
import { refusal, valuesOf } from './parsing.ts'

const source = {
  HOLDFAST_OFFICE365_TENANT_ID: 'home',
  HOLDFAST_OFFICE365_CLIENT_ID: 'client',
  HOLDFAST_OFFICE365_CLIENT_SECRET: 'secret',
}

function place(restorePath: string, ...more: readonly string[]) {
  return readRestorePlace(valuesOf(['restore', '/repo', 'latest', '--restore-path', restorePath, ...more], source))
}

describe('where a restore goes', () => {
  it('to a folder', () => {
    expect(place('out/here')).toEqual({ kind: 'folder', path: resolve('out/here') })
    expect(place('file:///tmp/out%20here')).toEqual({ kind: 'folder', path: '/tmp/out here' })
  })

  it('to a user of the tenant', () => {
    expect(place('@office365://users/ada@contoso.example')).toMatchObject({
      kind: 'root',
      root: 'user',
      name: 'ada@contoso.example',
      source: { tenantId: 'home', clientId: 'client', credential: { secret: 'secret' } },
      ignoreExisting: false,
      targetFolder: 'Restored',
      secretsInUrl: [],
    })
  })

  it('to a user of another tenant, with what the address says of it', () => {
    const query =
      'office365-tenant-id=other&office365-client-id=c%2F2&office365-client-secret=a+b%26c&office365-ignore-existing'
    expect(place(`@Office365://users/00-11/?${query}`, '--target-folder', 'Back')).toMatchObject({
      name: '00-11',
      source: { tenantId: 'other', clientId: 'c/2', credential: { secret: 'a+b&c' } },
      ignoreExisting: true,
      targetFolder: 'Back',
      secretsInUrl: ['office365-client-secret'],
    })
    const no = place('@office365://users/x?office365-ignore-existing=false', '--office365-ignore-existing')
    expect(no).toMatchObject({ ignoreExisting: false })
  })

  it('to a group or a site, by its address in whatever form', () => {
    expect(place('@office365://groups/sales@contoso.example')).toMatchObject({
      root: 'group',
      name: 'sales@contoso.example',
    })
    expect(place('@office365://Groups/Sales%20North')).toMatchObject({ root: 'group', name: 'Sales North' })
    for (const address of [
      'contoso.sharepoint.example/sites/marketing',
      'https://contoso.sharepoint.example/sites/marketing/',
      'https%3A%2F%2Fcontoso.sharepoint.example%2Fsites%2Fmarketing',
    ])
      expect(place(`@office365://sites/${address}?office365-tenant-id=other`)).toMatchObject({
        root: 'site',
        name: 'contoso.sharepoint.example/sites/marketing',
        source: { tenantId: 'other' },
      })
    expect(place('@office365://sites/contoso.example,1-2,3-4')).toMatchObject({ name: 'contoso.example,1-2,3-4' })
  })

  it('with an account, whatever else the options name', () => {
    expect(place('@office365://users/me?account=other')).toMatchObject({ name: 'me', source: { account: 'other' } })
    const named = place('@office365://users/x?account=other', '--office365-client-id', 'c')
    expect(named).toMatchObject({ source: { account: 'other' } })
    const application = place('@office365://users/x?office365-tenant-id=other', '--account', 'work')
    expect(application).toMatchObject({ source: { tenantId: 'other', clientId: 'client' } })
    expect(place('@office365://users/x', '--account', 'work')).toMatchObject({ source: { account: 'work' } })
  })

  it('does more than that when asked by name', async () => {
    const also = place('@office365://groups/x', '--restore-also', 'Members,group-settings')
    expect(also).toMatchObject({ onRequest: new Set(['members', 'group-settings']) })
    expect(await refusal(() => place('@office365://groups/x', '--restore-also', 'owners'))).toContain(
      '"owners" is nothing to ask for; there is permissions,',
    )
  })

  it('is refused where it leads nowhere', async () => {
    expect(await refusal(() => readRestorePlace(valuesOf(['restore', '/repo', 'latest'])))).toContain(
      'give --restore-path=',
    )
    for (const nowhere of ['users/', 'users/x/mailbox', 'groups/x/files', 'sites/', 'devices/x'])
      expect(await refusal(() => place(`@office365://${nowhere}`))).toContain('users/<name or id>')
    expect(await refusal(() => place('@office365://users/x?tenant=1'))).toContain('"tenant" is nothing that belongs')
    expect(await refusal(() => place('@office365://users/100%'))).toContain('%25')
    expect(await refusal(() => place('sharepoint://x'))).toContain('sharepoint:// is a place for repositories')
    expect(await refusal(() => place('/out', '--target-folder', 'Back'))).toContain('is for a restore to a tenant')
  })
})

describe('a folder', () => {
  it('is a plain path or a file URL', () => {
    expect(folderPath('relative/path', 'It')).toBe('relative/path')
    expect(folderPath('C:\\backup', 'It')).toBe('C:\\backup')
    expect(folderPath('with:colon', 'It')).toBe('with:colon')
    expect(folderPath('file:///mnt/a%23b', 'It')).toBe('/mnt/a#b')
  })

  it('is nothing else', async () => {
    expect(await refusal(() => folderPath('', 'It'))).toContain('is empty')
    expect(await refusal(() => folderPath('onedrivev2://a/b', 'The destination'))).toBe(
      'The destination: onedrivev2:// is a place for repositories; use a folder (a plain path, or file:///path).',
    )
    expect(await refusal(() => folderPath('s3://bucket', 'It'))).toContain('nothing that Holdfast knows')
    expect(await refusal(() => folderPath('file://server/share', 'It'))).toContain('no file URL of this machine')
  })
})
