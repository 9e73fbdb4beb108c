import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { ChangeSpool } from '../../../../src-main/graph/drive/change-spool.ts'

interface Step {
  readonly id: string
  readonly parent: string | undefined
  readonly text: string
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    parent: fc.constantFrom('one', 'two', undefined),
    text: fc.string({ unit: 'binary', maxLength: 40 }),
  }),
  { maxLength: 40 },
)

async function filesIn(spool: ChangeSpool, folder: string): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const items of spool.files(folder)) found.push(...items)
  return found
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-spool-test-'))

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('the spool of a listing', () => {
  it('holds the last state of every id, by folder', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const spool = new ChangeSpool(folder)
        const model = new Map<string, Step>()
        for (const step of sequence) {
          const { id, parent, text } = step
          if (parent === undefined) spool.remove(id)
          else await spool.put([{ id, parent, properties: { id, text } }])
          model.set(id, step)
        }
        const inFolder = (parent: string | undefined): Step[] =>
          [...model.values()].filter((step) => step.parent === parent)
        for (const parent of ['one', 'two']) {
          const expected = inFolder(parent).map(({ id, text }) => ({ id, text }))
          const files = await filesIn(spool, parent)
          expect(files).toHaveLength(expected.length)
          expect(files).toEqual(expect.arrayContaining(expected))
          expect(spool.count(parent)).toBe(expected.length)
          expect(new Set(spool.idsIn(parent))).toEqual(new Set(expected.map(({ id }) => id)))
        }
        expect(new Set(spool.removed())).toEqual(new Set(inFolder(undefined).map(({ id }) => id)))
        await spool.close()
      }),
      { numRuns: 50 },
    )
  })

  it('hands out folders of any size in pieces, and leaves nothing behind', async () => {
    const spool = new ChangeSpool(folder)
    const properties = { text: 'x'.repeat(2_000) }
    for (let page = 0; page < 20; page++) {
      const items = Array.from({ length: 100 }, (_, index) => `${String(page)}-${String(index)}`)
      await spool.put(
        items.map((id, index) => ({ id, parent: index % 2 === 0 ? 'even' : 'odd', properties: { id, ...properties } })),
      )
    }
    const sizes: number[] = []
    for await (const items of spool.files('odd')) sizes.push(items.length)
    expect(sizes).toEqual([200, 200, 200, 200, 200])
    expect(await filesIn(spool, 'nowhere')).toEqual([])
    await spool.close()
    expect(readdirSync(folder)).toEqual([])
  })
})
