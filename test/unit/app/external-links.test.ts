import { expect, it } from 'vitest'
import { links } from '../../../src-shared/ipc/contract/app.ts'
import { createExternalLinks, type ExternalLinks } from '../../../src-main/app/external-links.ts'

function scene(homepage?: string): { readonly opened: string[]; readonly external: ExternalLinks } {
  const opened: string[] = []
  const openExternal = (address: string): Promise<void> => {
    opened.push(address)
    return Promise.resolve()
  }
  return { opened, external: createExternalLinks({ openExternal, homepage }) }
}

it('opens every page that the contract names', async () => {
  const { opened, external } = scene('https://example.org/holdfast')
  expect(external.known).toEqual(links)
  for (const link of links) expect(await external.open(link), link).toBe(true)
  expect(opened).toContain('https://example.org/holdfast')
  expect(opened).toContain('https://example.org/holdfast/releases')
  expect(opened.every((address) => address.startsWith('https://'))).toBe(true)
})

it('has no help online without a home page', async () => {
  const { opened, external } = scene()
  expect(external.known).toEqual(links.filter((link) => link !== 'help' && link !== 'releases'))
  expect(await external.open('help')).toBe(false)
  expect(await external.open('releases')).toBe(false)
  expect(await scene('http://example.org').external.open('help')).toBe(false)
  expect(opened).toEqual([])
})

it.each([
  'http://restic.net/',
  'https://restic.net.evil.example/',
  'https://evil.example/?restic.net',
  'https://user@restic.net/',
  'https://restic.net:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'ms-settings:about',
  'not an address',
])('does not open %s', async (address) => {
  const { opened, external } = scene()
  expect(await external.openAddress(address)).toBe(false)
  expect(opened).toEqual([])
})

it('opens addresses of the hosts it knows', async () => {
  const { opened, external } = scene()
  expect(await external.openAddress('https://login.microsoftonline.us/device')).toBe(true)
  expect(opened).toEqual(['https://login.microsoftonline.us/device'])
})
