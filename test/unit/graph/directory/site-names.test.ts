import { describe, expect, it } from 'vitest'
import {
  addressPath,
  isPersonalHost,
  siteAddress,
  siteFolder,
} from '../../../../src-main/graph/directory/site-names.ts'

const folder = (url: string): string => {
  const address = siteAddress(url)
  return address === undefined ? '' : siteFolder(address, 'host,a,b')
}

describe('the address of a site', () => {
  it.each([
    ['https://Contoso.sharepoint.com/', '/sites/contoso.sharepoint.com'],
    ['https://contoso.sharepoint.com/sites/a b/', '/sites/contoso.sharepoint.com:/sites/a%20b'],
    ['contoso.sharepoint.com/sites/x?web=1#top', '/sites/contoso.sharepoint.com:/sites/x'],
    ['contoso.sharepoint.com/sites/lists ~abcdefghij/x', '/sites/contoso.sharepoint.com:/sites/lists/x'],
    ['https://contoso.sharepoint.com/sites/100%', '/sites/contoso.sharepoint.com:/sites/100%25'],
  ])('%s is asked for as %s', (text, path) => {
    const address = siteAddress(text)
    expect(address && addressPath(address)).toBe(path)
  })

  it.each(['', 'Research', 'research and more', 'host.example/../x', '/sites/x'])('"%s" is none', (text) => {
    expect(siteAddress(text)).toBeUndefined()
  })

  it('makes a folder whose parts are safe and none like the folder of a data type', () => {
    expect(folder('https://contoso.sharepoint.com/sites/a%3Ab/Pages')).toMatch(
      /^contoso\.sharepoint\.com\/sites\/a_b\/Pages ~[a-z2-7]{10}$/,
    )
    expect(folder('https://contoso.sharepoint.com')).toBe('contoso.sharepoint.com')
  })

  it('tells the hosts of OneDrive', () => {
    expect(isPersonalHost('contoso-my.sharepoint.com')).toBe(true)
    expect(isPersonalHost('my.sharepoint.com')).toBe(false)
  })
})
