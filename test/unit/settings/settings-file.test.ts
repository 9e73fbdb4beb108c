import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../src-main/settings/model.ts'
import { changeSettings, parseSettings, readSettings } from '../../../src-main/settings/settings-file.ts'
import { takeTurn } from '../../../src-main/settings/turns.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const now = (): number => Date.now()

const plan: Plan = {
  id: 'a1',
  name: 'Office',
  created: 1,
  destination: '/backup',
  sources: [{ 'office365-tenant-id': 'contoso', include: ['users/ada*'], 'office365-certificate-path': '/cert.pem' }],
  schedule: {
    recurrence: { kind: 'weekly', on: ['monday', 'friday'], at: '02:30' },
    quiet: { from: '08:00', to: '18:00' },
    paused: false,
  },
  retention: {
    last: 3,
    periods: { daily: 7, yearly: 'all' },
    within: { years: 0, months: 1, days: 0, hours: 0 },
    periodsWithin: { hourly: { years: 0, months: 0, days: 2, hours: 0 } },
    tags: [['keep']],
  },
  after: { forget: true, pruneEveryDays: 7, check: { percent: 5, everyDays: 1 }, drill: { samples: 3, everyDays: 30 } },
  notice: { percent: 10, items: 5 },
}

describe('settings', () => {
  it('are defaults where there is no file', async () => {
    expect(await readSettings(temporaryFolder('profile'))).toEqual({
      version: 1,
      plans: [],
      notice: { percent: 20, items: 50 },
    })
  })

  it('come back as they were written, in a file that only its owner may read', async () => {
    const profile = temporaryFolder('profile')
    await changeSettings(profile, now, (settings) => ({ ...settings, plans: [plan] }))
    expect((await readSettings(profile)).plans).toEqual([plan])
    expect(readdirSync(profile)).toEqual(['settings.json'])
    if (process.platform !== 'win32') expect(statSync(join(profile, 'settings.json')).mode & 0o777).toBe(0o600)
  })

  it('stay as they were when the change throws or gives what cannot be read', async () => {
    const profile = temporaryFolder('profile')
    await changeSettings(profile, now, (settings) => ({ ...settings, plans: [plan] }))
    const before = readFileSync(join(profile, 'settings.json'), 'utf8')
    const twice = changeSettings(profile, now, (settings) => ({ ...settings, plans: [plan, { ...plan, id: 'b' }] }))
    await expect(twice).rejects.toMatchObject({ code: 'settings.damaged', context: { field: 'plans[1]' } })
    const thrown = changeSettings(profile, now, () => {
      throw new Error('no')
    })
    await expect(thrown).rejects.toThrow('no')
    expect(readFileSync(join(profile, 'settings.json'), 'utf8')).toBe(before)
    expect(readdirSync(profile)).toEqual(['settings.json'])
  })

  it.each(['office365-client-secret', 'office365-certificate-password', 'passphrase', 'vault-passphrase'])(
    'never hold a secret: %s',
    (name) => {
      const text = JSON.stringify({ version: 1, plans: [{ ...plan, sources: [{ [name]: 'x' }] }] })
      expect(() => parseSettings(text)).toThrow(
        expect.objectContaining({ code: 'settings.damaged', context: { field: `plans[0].sources[0].${name}` } }),
      )
    },
  )

  it.each<[string, object, string]>([
    [
      'a drill of nothing',
      { plans: [{ ...plan, after: { forget: false, drill: { samples: 0, everyDays: 1 } } }] },
      'plans[0].after.drill.samples',
    ],
    ['no object', [], 'settings'],
    ['no name', { plans: [{ ...plan, name: '' }] }, 'plans[0].name'],
    [
      'hours of nothing',
      { plans: [{ ...plan, schedule: { recurrence: { kind: 'hours', hours: 0 } } }] },
      'plans[0].schedule.recurrence.hours',
    ],
    [
      'a time that is none',
      { plans: [{ ...plan, schedule: { recurrence: { kind: 'daily', at: '25:00' } } }] },
      'plans[0].schedule.recurrence.at',
    ],
    [
      'no day of the week',
      { plans: [{ ...plan, schedule: { recurrence: { kind: 'weekly', on: [], at: '02:00' } } }] },
      'plans[0].schedule.recurrence.on',
    ],
    [
      'a period that is none',
      { plans: [{ ...plan, retention: { periods: { secondly: 1 } } }] },
      'plans[0].retention.periods.secondly',
    ],
    ['a negative count', { plans: [{ ...plan, retention: { last: -1 } }] }, 'plans[0].retention.last'],
    ['a threshold above all', { notice: { percent: 101, items: 1 } }, 'notice.percent'],
  ])('name the field that is wrong: %s', (_name, settings, field) => {
    expect(() => parseSettings(JSON.stringify(settings))).toThrow(
      expect.objectContaining({ code: 'settings.damaged', context: { field } }),
    )
  })

  it('have flags that hold as they are written, or do not hold at all', () => {
    const sourceOf = (source: object): unknown =>
      parseSettings(JSON.stringify({ plans: [{ ...plan, sources: [source] }] })).plans[0]?.sources[0]
    expect(sourceOf({ 'append-only': true, cache: false })).toEqual({ 'append-only': true, cache: false })
    expect(sourceOf({ 'no-cache': true, 'no-self-check': true })).toEqual({ cache: false, 'self-check': false })
    for (const name of ['append-only', 'no-cache', 'cache'])
      expect(() => sourceOf({ [name]: 'yes' })).toThrow(
        expect.objectContaining({ code: 'settings.damaged', context: { field: `plans[0].sources[0].${name}` } }),
      )
  })

  it('without a version are taken for the first one, of a later one are left alone', () => {
    expect(parseSettings('{"plans":[]}').version).toBe(1)
    expect(() => parseSettings('{"version":2}')).toThrow(expect.objectContaining({ code: 'settings.newer' }))
    expect(() => parseSettings('{')).toThrow(expect.objectContaining({ code: 'settings.damaged' }))
  })
})

describe('the turn of a check', () => {
  it('is counted, for each repository by itself, and survives damage', async () => {
    const profile = temporaryFolder('profile')
    const turns: number[] = []
    for (let at = 0; at < 5; at++) turns.push(await takeTurn(profile, 'one'))
    expect(turns).toEqual([0, 1, 2, 3, 4])
    expect(await takeTurn(profile, 'two')).toBe(0)
    writeFileSync(join(profile, 'state.json'), '{"checkTurns":')
    expect(await takeTurn(profile, 'one')).toBe(0)
    expect(await takeTurn(profile, 'one')).toBe(1)
  })
})
