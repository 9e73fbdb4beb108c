import { describe, expect, it } from 'vitest'
import { AskedPaths } from '../../../../src-main/commands/parts/asked-paths.ts'

describe('paths that were asked for', () => {
  const asked = new AskedPaths(['a/b', 'c/d/e.eml'])

  it('cover what is there and below', () => {
    for (const path of ['a/b', 'a/b/c', 'a/b/c/d', 'c/d/e.eml']) expect(asked.covers(path), path).toBe(true)
    for (const path of ['', 'a', 'a/bc', 'c/d', 'c/d/e', 'b']) expect(asked.covers(path), path).toBe(false)
  })

  it('may name an item by one of its files', () => {
    for (const path of ['c/d/e', 'c/d/e.eml', 'a/b/x']) expect(asked.coversItem(path), path).toBe(true)
    for (const path of ['c/d/e.json', 'c/d/f', 'a']) expect(asked.coversItem(path), path).toBe(false)
    expect(new AskedPaths(['a/b v1.5']).coversItem('a/b v1')).toBe(false)
  })

  it('lead on from the folders above them', () => {
    for (const path of ['', 'a', 'a/b', 'a/b/c', 'c', 'c/d', 'c/d/e']) expect(asked.leadsOn(path), path).toBe(true)
    for (const path of ['b', 'a/c', 'c/e', 'c/dd']) expect(asked.leadsOn(path), path).toBe(false)
  })

  it('are everything if there are none, or the root', () => {
    for (const all of [new AskedPaths([]), new AskedPaths([''])])
      for (const path of ['', 'a', 'a/b']) expect([all.covers(path), all.leadsOn(path)], path).toEqual([true, true])
  })
})
