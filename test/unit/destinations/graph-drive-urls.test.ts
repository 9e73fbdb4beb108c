import { describe, expect, it } from 'vitest'
import {
  isGraphDestination,
  parseGraphDestination,
  shownPlace,
} from '../../../src-main/destinations/graph-drive/urls.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'

const place = (text: string): unknown => parseGraphDestination(text).place

function refusal(text: string): { readonly reason: unknown; readonly sentence: string } {
  try {
    parseGraphDestination(text)
  } catch (error) {
    if (!isEngineError(error, 'usage')) throw error
    return { reason: error.context.reason, sentence: errorSentence(error.code, error.context) }
  }
  throw new Error('it was taken')
}

describe('a destination in Microsoft 365', () => {
  it('is told from a path by its scheme', () => {
    expect(['onedrivev2://a', 'MSGROUP://a', '@sharepoint://a'].map(isGraphDestination)).toEqual([true, true, true])
    expect(['/a', 'file:///a', 'C:\\a', 'onedrive://a', 'a/onedrivev2://b'].some(isGraphDestination)).toBe(false)
  })

  it('is a folder in the drive of an account, or in any drive', () => {
    expect(parseGraphDestination('onedrivev2://Backups/Holdfast?authid=work')).toEqual({
      authid: 'work',
      place: { kind: 'onedrive', folder: ['Backups', 'Holdfast'] },
    })
    expect(place('onedrivev2://Backups/?drive-id=b!x-1')).toEqual({
      kind: 'onedrive',
      driveId: 'b!x-1',
      folder: ['Backups'],
    })
    expect(place('onedrivev2:///B?user=ada@contoso.example')).toMatchObject({ user: 'ada@contoso.example' })
  })

  it('is a folder of a group', () => {
    expect(place('msgroup://B?group-id=1-2&group-email=team%2B1@contoso.example')).toEqual({
      kind: 'group',
      groupId: '1-2',
      groupEmail: 'team+1@contoso.example',
      folder: ['B'],
    })
  })

  it('is a folder in a library, which only SharePoint can tell apart', () => {
    expect(place('sharepoint://Contoso.SharePoint.com/sites/it/Shared%20Documents/B?site-id=s')).toEqual({
      kind: 'sharepoint',
      host: 'contoso.sharepoint.com',
      path: ['sites', 'it', 'Shared Documents', 'B'],
      siteId: 's',
    })
  })

  it('takes every name that a drive takes, encoded or as it is', () => {
    const names = ['C#', '50% + more', "it's", 'Überblick 日本', '😀', 'a&b=c;d,e', '+']
    const encoded = names.map((name) => encodeURIComponent(name)).join('/')
    expect(place(`onedrivev2://${encoded}?drive-id=x`)).toMatchObject({ folder: names })
    expect(place("onedrivev2://C#/1+1/it's/a b/😀?drive-id=a+b#c")).toEqual({
      kind: 'onedrive',
      driveId: 'a+b#c',
      folder: ['C#', '1+1', "it's", 'a b', '😀'],
    })
  })

  it('is shown in a form that is read again', () => {
    const texts = [
      'onedrivev2://C#/50%25 + more?drive-id=b!1',
      'onedrivev2://B?user=ada@contoso.example',
      'msgroup://B?group-id=1&group-email=a+b@contoso.example',
      'sharepoint://contoso.sharepoint.com/sites/it/Shared Documents/B?site-id=a,b,c',
    ]
    for (const text of texts) expect(shownPlace(parseGraphDestination(text).place)).toBe(text)
  })

  it.each([
    ['onedrivev2://', 'destination-no-folder', 'onedrivev2://Backups/Holdfast'],
    ['onedrivev2://?authid=a', 'destination-no-folder', 'onedrivev2://Backups/Holdfast'],
    ['msgroup://B', 'destination-no-group', 'group-email'],
    ['msgroup://B?authid=a', 'destination-no-group', 'group-id'],
    ['msgroup://B?group-id=', 'destination-parameter-empty', '"group-id"'],
    ['msgroup://B?group-id', 'destination-parameter-empty', '"group-id"'],
    ['msgroup://B?group-id=1&group-id=2', 'destination-parameter-twice', '"group-id"'],
    ['msgroup://B?group-id=1&drive-id=2', 'destination-parameter', 'group-id, group-email'],
    ['onedrivev2://B?group-id=1', 'destination-parameter', 'authid, drive-id, user'],
    ['onedrivev2://B?drive-id=1&user=a', 'destination-drive-and-user', 'drive-id'],
    ['onedrivev2://100%/B', 'destination-percent', '%25'],
    ['onedrivev2://B?authid=%zz', 'destination-percent', '%25'],
    ['onedrivev2://B/../C', 'destination-name', '".."'],
    ['onedrivev2://B/a%2Fb', 'destination-name', '"a/b"'],
    ['onedrivev2://B/a:b', 'destination-name', '"a:b"'],
    ['onedrivev2://B/say%20%22hi%22', 'destination-name', 'say'],
    ['onedrivev2://B./C', 'destination-name', '"B."'],
    ['onedrivev2://%20B', 'destination-name', '" B"'],
    ['sharepoint://contoso.sharepoint.com', 'destination-no-library', 'sharepoint://example'],
    ['sharepoint://sites/it/Documents', 'destination-no-library', 'sharepoint://example'],
    ['/plain/path', 'destination-scheme', 'no URL'],
  ])('refuses %s', (text, reason, part) => {
    const refused = refusal(text)
    expect(refused.reason).toBe(reason)
    expect(refused.sentence).toContain(part)
  })
})
