import { describe, expect, it } from 'vitest'
import { readIncludedTypes, readSourceOptions } from '../../../../src-main/commands/parts/source-options.ts'
import { refusal, valuesOf } from './parsing.ts'

const named = { HOLDFAST_OFFICE365_TENANT_ID: 'Contoso.Example', HOLDFAST_OFFICE365_CLIENT_ID: 'client' }

function source(args: readonly string[], environment: Readonly<Record<string, string>> = named) {
  return readSourceOptions(valuesOf(['backup', '/repo', ...args], environment))
}

describe('how to sign in', () => {
  it('with a secret, to the global cloud', () => {
    expect(source([], { ...named, HOLDFAST_OFFICE365_CLIENT_SECRET: 's' })).toEqual({
      tenantId: 'contoso.example',
      clientId: 'client',
      credential: { secret: 's' },
      cloud: 'global',
    })
  })

  it('with a certificate, to another cloud and other addresses', () => {
    const args = ['--office365-certificate-path=/c.pfx', '--office365-cloud=china', '--office365-scope=x/.default']
    const environment = {
      ...named,
      HOLDFAST_OFFICE365_CERTIFICATE_PASSWORD: 'p',
      HOLDFAST_OFFICE365_GRAPH_BASE_URL: 'https://graph',
      HOLDFAST_OFFICE365_LOGIN_BASE_URL: 'https://login',
    }
    expect(source(args, environment)).toMatchObject({
      credential: { certificate: { path: '/c.pfx', password: 'p' } },
      cloud: 'china',
      scope: 'x/.default',
      graphBaseUrl: 'https://graph',
      loginBaseUrl: 'https://login',
    })
    expect(source(['--office365-certificate-path=/c.pem'])).toMatchObject({
      credential: { certificate: { path: '/c.pem' } },
    })
  })

  it('refuses what is missing or too much', async () => {
    const secret = { HOLDFAST_OFFICE365_CLIENT_SECRET: 's' }
    expect(await refusal(() => source([], secret))).toBe(
      'The tenant is missing: give --office365-tenant-id, or --account with an account that is signed in.',
    )
    const noClient = { ...secret, HOLDFAST_OFFICE365_TENANT_ID: 't' }
    expect(await refusal(() => source([], noClient))).toBe(
      'The application is missing: give --office365-client-id, or --account with an account that is signed in.',
    )
    expect(await refusal(() => source([]))).toContain('set HOLDFAST_OFFICE365_CLIENT_SECRET')
    const both = { ...named, ...secret }
    expect(await refusal(() => source(['--office365-certificate-path=/c'], both))).toContain('give only one')
  })
})

describe('an account', () => {
  const secret = { ...named, HOLDFAST_OFFICE365_CLIENT_SECRET: 's' }

  it('stands for tenant, application and secret', () => {
    expect(source(['--account', 'work'], {})).toEqual({ account: 'work' })
    expect(source(['--account', 'work', '--office365-sharepoint-base-url', 'https://x/{host}'], secret)).toEqual({
      account: 'work',
      sharePointBaseUrl: 'https://x/{host}',
    })
    expect(source([], { ...secret, HOLDFAST_ACCOUNT: 'work' })).toEqual({ account: 'work' })
  })

  it('of the environment gives way to an application that is named by hand, and the other way round', async () => {
    const both = { ...secret, HOLDFAST_ACCOUNT: 'work' }
    expect(source(['--office365-client-id', 'other'], both)).toMatchObject({ clientId: 'other' })
    expect(await refusal(() => source(['--office365-client-id', 'other', '--account', 'work'], secret))).toBe(
      'The account signs in by itself: leave out --office365-client-id, or --account.',
    )
  })
})

describe('what is included', () => {
  const included = (...args: readonly string[]) => readIncludedTypes(valuesOf(['backup', '/repo', ...args]))

  it('is all that there is, or what is named', () => {
    const all = included()
    expect(all).toMatchObject({ kinds: ['user', 'group', 'site'], named: false })
    expect(all.types.user).toHaveLength(9)
    expect(all.types.group).toEqual(['Mailbox', 'Files', 'Planner', 'Teams', 'Calendar', 'Notes'])
    const some = ['--office365-included-root-types=users, SITES', '--office365-included-user-types= mailbox ,notes']
    expect(included(...some)).toEqual({
      kinds: ['user', 'site'],
      types: { user: ['Mailbox', 'Notes'], group: all.types.group },
      named: true,
    })
    expect(included('--office365-included-group-types=teams').types.group).toEqual(['Teams'])
  })

  it('is refused if it is not there', async () => {
    expect(await refusal(() => included('--office365-included-root-types=Users,Devices'))).toBe(
      '--office365-included-root-types: "Devices" is no such type; there is Users, Groups, Sites.',
    )
    expect(await refusal(() => included('--office365-included-user-types=Mail'))).toContain(
      'is no such type; there is Profile, Mailbox,',
    )
    expect(await refusal(() => included('--office365-included-group-types=,'))).toContain('is empty')
  })
})
