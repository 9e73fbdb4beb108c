import type { Option } from 'commander'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDestinationOptions } from '../../../../src-main/commands/parts/destination-options.ts'
import { readNewPlan } from '../../../../src-main/commands/parts/plan-options.ts'
import { withSource } from '../../../../src-main/commands/parts/source-options.ts'
import { createProgram } from '../../../../src-main/commands/parts/syntax.ts'
import type { Plan } from '../../../../src-main/settings/model.ts'
import { parseSettings } from '../../../../src-main/settings/settings-file.ts'
import { refusal, valuesOf } from './parsing.ts'

const DESTINATION = '/backups/contoso'

function added(args: readonly string[], destination = DESTINATION): Plan {
  return readNewPlan('office', destination, valuesOf(['plan', 'add', 'office', destination, ...args]), 0)
}

function sourceOf(args: readonly string[]): Plan['sources'][number] | undefined {
  return added(args).sources[0]
}

const program = createProgram(() => undefined)
const planOptions = program.commands.find((command) => command.name() === 'plan')?.options ?? []
const options: readonly Option[] = [...program.options, ...planOptions]

/** What the program does with them as it is called, whatever the plan is. */
const ofTheCall = new Set(['profile', 'json', 'verbose', 'quiet'])
const isSecret = (name: string): boolean => /-(secret|password)$/.test(name)

/** Values that an option takes, where any text is none. */
const values: Readonly<Record<string, string>> = {
  'office365-cloud': 'china',
  every: '6',
  'daily-at': '02:30',
  'weekly-on': 'monday',
  at: '02:30',
  'quiet-hours': '08:00-18:00',
  'notice-changes': '20%,50',
  'keep-tag': 'one',
}

/** Options that mean something only beside another one. */
const partners: Readonly<Record<string, readonly string[]>> = {
  'weekly-on': ['--at', '02:30'],
  at: ['--weekly-on', 'monday'],
  'prune-every': ['--keep-last', '1'],
  'check-every': ['--check-percent', '5'],
  'drill-items': ['--drill-every', '30'],
}

const valueOf = (name: string): string => values[name] ?? (name.startsWith('keep-within') ? '2d' : '3')

function withoutIdentity(plan: Plan): object {
  return { ...plan, id: '' }
}

describe('"plan add"', () => {
  it.each(options.map((option) => [option.long ?? '', option] as const))(
    'leaves nothing out that it takes: %s',
    async (flag, option) => {
      const name = option.name()
      if (ofTheCall.has(name)) return
      const partner = partners[name] ?? []
      const given = [...partner, flag, ...(option.required ? [valueOf(name)] : [])]
      if (name === 'until' || isSecret(name)) {
        expect(await refusal(() => added(given))).toContain(flag)
        return
      }
      const without = name in { at: 0, 'weekly-on': 0 } ? [] : partner
      const plan = added(given)
      expect(withoutIdentity(plan)).not.toEqual(withoutIdentity(added(without)))
      expect(parseSettings(JSON.stringify({ version: 1, plans: [plan] })).plans).toEqual([plan])
    },
  )

  it('keeps flags, as the command line has them', () => {
    expect(sourceOf(['--append-only', '--no-cache'])).toEqual({ 'append-only': true, cache: false })
    expect(sourceOf([])).toEqual({})
    const run = withSource(
      valuesOf(['run', 'office']),
      new Map(Object.entries(sourceOf(['--append-only', '--no-cache']) ?? {})),
    )
    expect(readDestinationOptions(run)).toMatchObject({ appendOnly: true, cache: false })
  })

  it.each([
    [['--keep-daily', '7'], '--append-only'],
    [['--keep-daily', '7', '--prune-every', '7'], '--append-only'],
    [['--prune-every', '7'], 'nothing to prune'],
  ])('refuses rules where nothing may be removed: %s', async (args, words) => {
    expect(await refusal(() => added(['--append-only', ...args]))).toContain(words)
  })

  it('refuses what means nothing by itself', async () => {
    expect(await refusal(() => added(['--check-every', '1']))).toContain('--check-percent')
    expect(await refusal(() => added(['--until', '2027-01-07']))).toContain('plan pause')
  })

  it('keeps the files that options name by paths that hold in every folder', () => {
    const files = options.filter((option) => /<(file|folder)>/.test(option.flags) && !ofTheCall.has(option.name()))
    expect(files.map((option) => option.name())).toContain('vault')
    for (const { long, name } of files.map((option) => ({ long: option.long ?? '', name: option.name() }))) {
      expect(sourceOf([long, join('keys', 'one')])).toEqual({ [name]: resolve('keys', 'one') })
      expect(sourceOf([long, resolve('/keys/one')])).toEqual({ [name]: resolve('/keys/one') })
    }
  })

  it.each(['/a/x', '/a/x/', '/a/./x', '/a//x', '/a/y/../x', 'file:///a/x', 'file:///a/x/'])(
    'knows the folder %s by one name',
    (destination) => {
      expect(added([], destination).destination).toBe(resolve('/a/x'))
    },
  )

  it('keeps a relative folder as the one that it is now, and places in Microsoft 365 as they are', async () => {
    for (const one of ['x', './x', 'x/']) expect(added([], one).destination).toBe(resolve('x'))
    const drive = 'onedrivev2://Backups/../Holdfast/?authid=office'
    expect(added([], drive).destination).toBe(drive)
    expect(await refusal(() => added([], 's3://bucket'))).toContain('The destination')
  })
})
