import { describe, expect, it } from 'vitest'
import { readContentChoice } from '../../../../src-main/commands/parts/content-filter.ts'
import { chosenTypes, describers, typeFolders } from '../../../../src-main/commands/parts/data-types.ts'
import { groupTypes, userTypes } from '../../../../src-main/commands/parts/included-types.ts'
import { groupDataTypes } from '../../../../src-main/commands/parts/group-types.ts'
import { readIncludedTypes } from '../../../../src-main/commands/parts/source-options.ts'
import { transcriptTypes } from '../../../../src-main/commands/parts/transcript-types.ts'
import { userDataTypes } from '../../../../src-main/commands/parts/user-types.ts'
import { SITE_TYPE_FOLDERS } from '../../../../src-main/engine/model/root-path.ts'
import { refusal, valuesOf } from './parsing.ts'

function chosen(args: readonly string[]) {
  const values = valuesOf(['backup', '/repo', ...args])
  return chosenTypes(readIncludedTypes(values), readContentChoice(values.list('include'), values.list('exclude')))
}

describe('what is read of each kind of root', () => {
  it('is all that there is, each in a folder of its own', () => {
    const all = chosen([])
    for (const kind of ['user', 'group', 'site'] as const) {
      expect(all[kind]).toEqual(describers[kind].map(({ folder }) => folder))
      expect(new Set(all[kind]).size).toBe(all[kind].length)
    }
    expect(all.group).toEqual(
      expect.arrayContaining(['group', 'mailbox', 'calendar', 'files', 'planner', 'teams', 'notes']),
    )
    expect(all.site).toEqual(expect.arrayContaining(['site', 'libraries', 'pages']))
  })

  it('has contents that cannot be taken for files of metadata', () => {
    for (const { contentExtension } of Object.values(describers).flat())
      expect(contentExtension?.endsWith('.json')).not.toBe(true)
  })

  it('has a word for every choice of the options', () => {
    expect(new Set(userDataTypes.map(({ word }) => word))).toEqual(new Set(userTypes))
    expect(new Set(groupDataTypes.flatMap(({ word }) => word ?? []))).toEqual(new Set(groupTypes))
  })

  it('ends the path of a site', () => {
    for (const { folder } of describers.site) expect(SITE_TYPE_FOLDERS.has(folder), folder).toBe(true)
  })

  it('is chosen by the options; members, owners and settings of groups always are', () => {
    expect(chosen(['--office365-included-group-types=Teams,Files']).group.toSorted()).toEqual([
      'files',
      'group',
      'teams',
    ])
    expect(chosen(['--office365-included-user-types=Notes']).user).toEqual(['notes'])
    expect(chosen(['--office365-included-root-types=Sites'])).toMatchObject({ user: [], group: [] })
  })

  it('is chosen by filters, each kind by its own types', () => {
    expect(chosen(['--include=type:mail'])).toEqual({ user: ['mailbox'], group: [], site: [] })
    expect(chosen(['--include=type:conversations'])).toEqual({ user: [], group: ['mailbox'], site: [] })
    expect(chosen(['--include=type:Mailbox'])).toEqual({ user: ['mailbox'], group: ['mailbox'], site: [] })
    expect(chosen(['--include=type:files'])).toEqual({ user: ['onedrive'], group: ['files'], site: ['libraries'] })
    expect(chosen(['--exclude=type:group']).group).not.toContain('group')
    expect(chosen(['--exclude=type:planner']).user).not.toContain('planner')
  })

  it('is something', async () => {
    const nothing = ['--office365-included-root-types=Sites', '--include=type:mail']
    expect(await refusal(() => chosen(nothing))).toContain('No data type is left to read')
    expect(await refusal(() => typeFolders('folders'))).toMatch(
      /"folders" is no type; there is mail, .*conversations.*pages/,
    )
  })
})

it('pages to read are made of data types that there are', () => {
  for (const { kind, describer } of transcriptTypes) expect(describers[kind]).toContain(describer)
})
