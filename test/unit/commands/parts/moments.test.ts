import { describe, expect, it } from 'vitest'
import { readFindQuery } from '../../../../src-main/commands/find.ts'
import { parseDuration, parseMoment, parseWhole } from '../../../../src-main/commands/parts/moments.ts'
import { refusal, valuesOf } from './parsing.ts'

describe('times', () => {
  it('a duration', async () => {
    expect(['90s', '10m', '1h30m', '2d', '0s'].map((text) => parseDuration('o', text))).toEqual([
      90_000, 600_000, 5_400_000, 172_800_000, 0,
    ])
    for (const text of ['', '10', '5 m', '1m1h', 'm', '-1s'])
      expect(await refusal(() => parseDuration('retry-lock', text))).toContain('--retry-lock takes a duration like')
  })

  it('a day, a month or a moment, in this time zone unless it names one', () => {
    expect(parseMoment('after', '2024-03-05')).toBe(new Date(2024, 2, 5).getTime())
    expect(parseMoment('after', '2024-03')).toBe(new Date(2024, 2, 1).getTime())
    expect(parseMoment('after', '2024-03-05 14:30')).toBe(new Date(2024, 2, 5, 14, 30).getTime())
    expect(parseMoment('after', '2024-03-05T14:30:15Z')).toBe(Date.UTC(2024, 2, 5, 14, 30, 15))
    expect(parseMoment('after', '2024-03-05T14:30+02:00')).toBe(Date.UTC(2024, 2, 5, 12, 30))
  })

  it.each(['', 'yesterday', '2024', '2024-13-01', '2024-02-30', '2024-3-5', '2024-03-05T', '2024-03-05T25:00'])(
    'no moment: %j',
    async (text) => {
      expect(await refusal(() => parseMoment('before', text))).toContain(`--before takes a day like`)
    },
  )

  it('a whole number', async () => {
    expect(parseWhole('limit', '20', 1, 50)).toBe(20)
    for (const text of ['', '0', '51', '1.5', 'x', '1e1', ' 2'])
      expect(await refusal(() => parseWhole('limit', text, 1, 50))).toContain('from 1 to 50')
  })
})

describe('what is to be found', () => {
  const query = (...args: readonly string[]) => {
    const words = args.filter((arg) => !arg.startsWith('--'))
    return readFindQuery(words, valuesOf(['find', '/repo', ...args]))
  }

  it('by words and filters', () => {
    expect(query()).toEqual({ words: [], limit: 100 })
    expect(
      query('two words', 'three', '--from=ada', '--to=bob', '--type=Mail', '--no-attachment', '--limit=5'),
    ).toEqual({
      words: ['two', 'words', 'three'],
      from: 'ada',
      to: 'bob',
      types: { user: ['mailbox'], group: [], site: [] },
      attachment: false,
      limit: 5,
    })
    expect(query('--folder=/users/ada@contoso.example//mailbox/Inbox/')).toMatchObject({
      folder: 'users/ada@contoso.example/mailbox/Inbox',
    })
    expect(query('--folder=sites')).toMatchObject({ folder: 'sites' })
    expect(query('--after=2024-01-01T00:00Z', '--before=2024-01-02T00:00Z')).toMatchObject({
      after: Date.UTC(2024, 0, 1),
      before: Date.UTC(2024, 0, 2),
    })
  })

  it('is refused if it can find nothing', async () => {
    expect(await refusal(() => query('--after=2024-01-02', '--before=2024-01-02'))).toContain(
      '--after is not before --before',
    )
    expect(await refusal(() => query('--type=chat'))).toContain('--type: "chat" is no type; there is mail,')
    for (const folder of ['Inbox', '/', '', 'Users/ada', '../users', '.holdfast'])
      expect(await refusal(() => query(`--folder=${folder}`))).toContain(
        `--folder takes a path as "holdfast ls" shows it, like users/ada@contoso.example/mailbox/Inbox, not "${folder}".`,
      )
  })
})
