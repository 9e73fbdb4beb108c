import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultProfile, profileFolder } from '../../../../src-main/commands/parts/profile.ts'

describe('the profile folder', () => {
  it('is where the platform keeps the data of applications', () => {
    expect(defaultProfile({ XDG_DATA_HOME: '/data' }, 'linux', '/home/anna')).toBe('/data/holdfast')
    expect(defaultProfile({ XDG_DATA_HOME: '' }, 'linux', '/home/anna')).toBe('/home/anna/.local/share/holdfast')
    expect(defaultProfile({}, 'darwin', '/Users/anna')).toBe('/Users/anna/Library/Application Support/Holdfast')
    expect(defaultProfile({ LOCALAPPDATA: '/local' }, 'win32', '/Users/anna')).toBe(join('/local', 'Holdfast'))
  })

  it('is another one on request', () => {
    expect(profileFolder('some/where')).toBe(resolve('some/where'))
  })
})
