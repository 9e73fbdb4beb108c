import { describe, expect, it } from 'vitest'
import type { HexId } from '../../../../../src-main/engine/model/ids.ts'
import type { SavedSnapshot } from '../../../../../src-main/engine/model/snapshot.ts'
import { groupSnapshots } from '../../../../../src-main/engine/operations/forget/groups.ts'

let made = 0

function snapshot(hostname: string, paths: readonly string[], tags?: readonly string[]): SavedSnapshot {
  const id = String(++made).padStart(64, '0') as HexId
  const fields = { time: '2026-01-01T00:00:00Z', tree: id, username: '', hostname, paths, id }
  return tags === undefined ? fields : { ...fields, tags }
}

describe('groups of snapshots', () => {
  const snapshots = [
    snapshot('a', ['/x', '/y'], ['one', 'two']),
    snapshot('a', ['/y', '/x'], ['two', 'one']),
    snapshot('a', ['/x']),
    snapshot('b', ['/x'], []),
    snapshot('a', ['/x,/y']),
  ]
  const places = (by: Parameters<typeof groupSnapshots>[1]): number[][] =>
    groupSnapshots(snapshots, by).map((group) => group.snapshots.map((one) => snapshots.indexOf(one)))

  it.each([
    [
      ['host', 'paths'],
      [[0, 1], [2], [3], [4]],
    ],
    [['host'], [[0, 1, 2, 4], [3]]],
    [['paths'], [[0, 1], [2, 3], [4]]],
    [
      ['tags'],
      [
        [0, 1],
        [2, 3, 4],
      ],
    ],
    [
      ['host', 'tags'],
      [[0, 1], [2, 4], [3]],
    ],
    [[], [[0, 1, 2, 3, 4]]],
  ] as const)('by %j', (by, expected) => {
    expect(places(by)).toEqual(expected)
  })

  it('say what their snapshots have in common', () => {
    const [first] = groupSnapshots(snapshots, ['host', 'paths'])
    expect(first).toMatchObject({ host: 'a', paths: ['/x', '/y'], tags: undefined })
  })
})
