import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { displayWidth } from '../../../../src-shared/text/printable.ts'
import { progressLine, progressObject, type ProgressState } from '../../../../src-main/commands/parts/progress-line.ts'
import { createProgress } from '../../../../src-main/commands/parts/progress.ts'
import { recordingOutput } from './recording-output.ts'

const path = 'users/ada@contoso.example/mailbox/Inbox/Projects/Bridges'
const busy: ProgressState = {
  current: path,
  items: 1_500,
  expected: 6_000,
  bytes: 3 * 1024 * 1024,
  requests: 1_700,
  throttledMs: 65_000,
}

describe('the progress line', () => {
  it('tells where it is and how far', () => {
    expect(progressLine(busy, 30_000, 200)).toBe(
      `${path}  1,500 of 6,000 items  3.0 MiB  50/s  about 1 min 30 s left  1,700 requests  throttled 1 min 5 s`,
    )
  })

  it('leaves out what is not known yet, or not to be known', () => {
    expect(progressLine({ current: 'looking', items: 0 }, 0, 80)).toBe('looking')
    expect(progressLine({ ...busy, throttledMs: 0 }, 1_000, 200)).toBe(
      `${path}  1,500 of 6,000 items  3.0 MiB  1,700 requests`,
    )
    // More was there than the folder had said.
    expect(progressLine({ current: 'x', items: 12, expected: 10 }, 0, 80)).toBe('x  12 items')
  })

  it.each([200, 120, 80, 60, 40, 20, 10, 3])('fits into %d columns', (columns) => {
    const wide = { ...busy, current: 'users/名前@contoso.example/mailbox/受信トレイ/プロジェクト' }
    expect(displayWidth(progressLine(busy, 30_000, columns))).toBeLessThanOrEqual(columns)
    expect(displayWidth(progressLine(wide, 30_000, columns))).toBeLessThanOrEqual(columns)
  })

  it('shortens the path in its middle', () => {
    expect(progressLine(busy, 30_000, 60)).toMatch(
      /^users\/a.*….*Bridges {2}1,500 of 6,000 items {2}3\.0 MiB {2}50\/s$/,
    )
  })

  it('shows nothing that a terminal takes for a command', () => {
    expect(progressLine({ current: 'a\x1b[2Jb\nc', items: 1 }, 0, 80)).toBe('a\ufffd[2Jb c  1 items')
  })
})

describe('the progress object', () => {
  it('is like that of restic', () => {
    expect(progressObject(busy, 30_000)).toEqual({
      message_type: 'status',
      seconds_elapsed: 30,
      seconds_remaining: 90,
      percent_done: 0.25,
      total_items: 6_000,
      items_done: 1_500,
      bytes_done: 3_145_728,
      requests: 1_700,
      throttled_seconds: 65,
      current: path,
    })
    expect(progressObject({ current: '', items: 0 }, 0)).toEqual({
      message_type: 'status',
      seconds_elapsed: 0,
      items_done: 0,
      current: '',
    })
  })
})

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const terminal = { columns: 40 }
  const now = (): number => Date.now()

  it('is shown at most ten times a second, the newest state last', () => {
    const { output, objects } = recordingOutput({ json: true })
    const progress = createProgress({ output, now, terminal: undefined })
    for (let at = 1; at <= 1000; at++) {
      progress.update(() => ({ current: '', items: at }))
      vi.advanceTimersByTime(1)
    }
    expect(objects.length).toBeLessThanOrEqual(10)
    expect(objects.length).toBeGreaterThanOrEqual(9)
    vi.advanceTimersByTime(100)
    expect(objects.at(-1)).toMatchObject({ items_done: 1000 })
    progress.stop()
    vi.advanceTimersByTime(10_000)
    expect(objects.length).toBeLessThanOrEqual(11)
  })

  it('goes on telling the time when nothing happens', () => {
    const { output, objects } = recordingOutput({ json: true })
    const progress = createProgress({ output, now, terminal: undefined })
    progress.update(() => ({ current: 'x', items: 1 }))
    vi.advanceTimersByTime(5_000)
    progress.stop()
    expect(objects.length).toBeGreaterThanOrEqual(4)
    expect(objects.length).toBeLessThanOrEqual(6)
    expect(objects.at(-1)).toMatchObject({ seconds_elapsed: 4 })
  })

  it('is one line on a terminal, gone when something else is said', () => {
    const { output, errors } = recordingOutput({})
    const progress = createProgress({ output, now, terminal })
    progress.update(() => ({ current: 'x', items: 1 }))
    vi.advanceTimersByTime(100)
    output.note('a remark')
    vi.advanceTimersByTime(1_000)
    progress.stop()
    output.note('the end')
    expect(errors.join('')).toBe('\rx  1 items\x1b[K\r\x1b[Ka remark\n\rx  1 items\x1b[K\r\x1b[Kthe end\n')
  })

  it('is nothing without a terminal, and with --quiet', () => {
    for (const [options, place] of [
      [{ quiet: true }, terminal],
      [{}, undefined],
    ] as const) {
      const { output, errors, lines } = recordingOutput(options)
      const progress = createProgress({ output, now, terminal: place })
      progress.update(() => ({ current: 'x', items: 1 }))
      vi.advanceTimersByTime(5_000)
      progress.stop()
      expect([...errors, ...lines]).toEqual([])
    }
  })
})
