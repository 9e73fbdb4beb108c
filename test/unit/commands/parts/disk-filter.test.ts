import { describe, expect, it } from 'vitest'
import { readContentChoice } from '../../../../src-main/commands/parts/content-filter.ts'
import { diskFilter } from '../../../../src-main/commands/parts/disk-filter.ts'
import { directoryNode, fileNode } from '../../../../src-main/engine/operations/backup/layout.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'

const mailbox = 'users/ada@contoso.example/mailbox'
const time = '2026-03-05T10:00:00.000Z'

function wants(include: readonly string[], exclude: readonly string[]) {
  const filter = diskFilter(readContentChoice(include, exclude))
  return {
    file: (path: string, size = 1) => filter(path, fileNode(path.split('/').at(-1) ?? '', [], size, time)),
    folder: (path: string) => filter(path, directoryNode(path.split('/').at(-1) ?? '', '0' as HexId, time)),
  }
}

describe('what is written to disk', () => {
  it('is what lies in the folders that were chosen', () => {
    const { file, folder } = wants([`${mailbox}/Inbox`], [`${mailbox}/Inbox/Old`])
    expect(file(`${mailbox}/Inbox/2026-03/a.eml`)).toBe(true)
    expect(file(`${mailbox}/Inbox/Old/2026-03/a.eml`)).toBe(false)
    expect(file(`${mailbox}/Sent/2026-03/a.eml`)).toBe(false)
    expect(folder(`${mailbox}/Inbox/2026-03`)).toBe(true)
    expect(folder(mailbox)).toBe(false)
  })

  it('is of the types that were chosen, and never the report of the run', () => {
    const { file } = wants(['type:mail'], [])
    expect(file(`${mailbox}/Inbox/2026-03/a.eml`)).toBe(true)
    expect(file('users/ada@contoso.example/calendar/Work/a.json')).toBe(false)
    expect(file('.holdfast/run.json')).toBe(false)
  })

  it('goes by the items’ dates, and by the size of contents', () => {
    const { file } = wants([], ['size>10', 'date<2026-03-01'])
    expect(file(`${mailbox}/Inbox/2026-03/a.eml`, 11)).toBe(false)
    expect(file(`${mailbox}/Inbox/2026-03/a.json`, 11)).toBe(true)
    expect(wants([], ['date<2026-04-01']).file(`${mailbox}/Inbox/2026-03/a.json`)).toBe(false)
  })

  it('is told by the data type of a site at any depth', () => {
    const site = 'sites/contoso.sharepoint.example/sites/marketing/press'
    const { file } = wants(['type:files'], [`${site}/libraries/Documents/files/Old`])
    expect(file(`${site}/libraries/Documents/files/plan.txt`)).toBe(true)
    expect(file(`${site}/libraries/Documents/metadata/plan.txt.json`)).toBe(true)
    expect(file(`${site}/libraries/Documents/metadata/Old/plan.txt.json`)).toBe(false)
    expect(file(`${site}/lists/Tasks/schema.json`)).toBe(false)
    expect(file('groups/sales@contoso.example/files/Documents/files/a.txt')).toBe(true)
  })
})
