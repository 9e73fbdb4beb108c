import { describe, expect, test } from 'vitest'
import type { RestoreTarget } from '../../../../src-shared/ipc/contract/restore.ts'
import { readRestorePlace } from '../../../../src-main/commands/parts/restore-place.ts'
import { OptionValues } from '../../../../src-main/commands/parts/option-values.ts'
import { targetOptions } from '../../../../src-main/engine-host/restore/target-options.ts'

function placeOf(target: RestoreTarget): ReturnType<typeof readRestorePlace> {
  return readRestorePlace(new OptionValues(new Map()).with(new Map(Object.entries(targetOptions(target)))))
}

function rootTarget(
  root: Extract<RestoreTarget, { kind: 'root' }>['root'],
  more: Partial<Extract<RestoreTarget, { kind: 'root' }>> = {},
): RestoreTarget {
  return {
    ...{ kind: 'root', root, account: 'Work ü@b', targetFolder: ' From 2024 ', ignoreExisting: true },
    ...{ also: ['rules', 'photo'], people: [{ from: 'Ada@a.example', to: 'ada@b.example' }] },
    ...more,
  }
}

describe('a target of the window is one of the command line', () => {
  test.each([
    ['user', 'ada+1@contoso.example'],
    ['group', 'Everybody & all 100% ~abc'],
    ['site', 'contoso.sharepoint.com/sites/a b#c'],
  ] as const)('a %s', (kind, name) => {
    expect(placeOf(rootTarget({ kind, name }))).toMatchObject({
      ...{ kind: 'root', root: kind, name, source: { account: 'Work ü@b' } },
      ...{ ignoreExisting: true, targetFolder: 'From 2024', secretsInUrl: [] },
      onRequest: new Set(['rules', 'photo']),
      people: new Map([['ada@a.example', 'ada@b.example']]),
    })
  })

  test('a folder', () => {
    expect(placeOf({ kind: 'folder', path: '/tmp/@office 100%' })).toEqual({
      kind: 'folder',
      path: '/tmp/@office 100%',
    })
  })

  test('no folder in the target means the usual one', () => {
    const given = rootTarget(
      { kind: 'user', name: 'a' },
      { targetFolder: '', ignoreExisting: false, also: [], people: [] },
    )
    expect(placeOf(given)).toMatchObject({ targetFolder: 'Restored', ignoreExisting: false })
  })
})
