import { expect, test } from 'vitest'
import { ApiFailure } from '../../../src-renderer/src/lib/api.ts'
import { failureSentence, nextStep, problemSentence } from '../../../src-renderer/src/lib/failure-sentence.ts'
import { generalSentences } from '../../../src-shared/text/error-sentences/general.ts'
import { graphSentences } from '../../../src-shared/text/error-sentences/graph.ts'
import { repositorySentences } from '../../../src-shared/text/error-sentences/repository.ts'
import { restoreSentences } from '../../../src-shared/text/error-sentences/restore.ts'
import type { Sentence } from '../../../src-shared/text/error-sentences/sentence.ts'
import { settingsSentences } from '../../../src-shared/text/error-sentences/settings.ts'
import { signInSentences } from '../../../src-shared/text/error-sentences/sign-in.ts'
import { storeSentences } from '../../../src-shared/text/error-sentences/store.ts'

const all: Readonly<Record<string, Sentence>> = {
  ...generalSentences,
  ...graphSentences,
  ...repositorySentences,
  ...restoreSentences,
  ...settingsSentences,
  ...signInSentences,
  ...storeSentences,
}
const names =
  'place service account aadsts errno certificate path kind target file hostname pid ageMinutes field version graphCode group'
const filled = Object.fromEntries(names.split(' ').map((name) => [name, 'X']))
/** Words of the command line, which is not where the person is. */
const foreign = / --[a-z]|"holdfast|HOLDFAST_|the command|authid|-id\b/

function reasonsOf(sentence: Sentence): readonly (string | undefined)[] {
  return typeof sentence === 'object' && 'reasons' in sentence
    ? [...Object.keys(sentence.reasons), undefined]
    : [undefined]
}

/** What only the options of the command line can do wrong. */
const never = ['graph-base-url', 'login-base-url', 'fragment-size', 'fragment-retry-count', 'fragment-retry-delay']

test.each(Object.entries(all))('%s is worded for the window', (code, sentence) => {
  for (const reason of reasonsOf(sentence)) {
    if (reason !== undefined && never.includes(reason)) continue
    const params = reason === undefined ? {} : { reason }
    for (const context of [params, { ...filled, ...params }]) {
      const words = problemSentence({ code, params: context })
      expect(words, `${code} ${reason ?? ''}`).not.toMatch(foreign)
      expect(words).not.toMatch(/[{}]/)
      expect(words.length).toBeGreaterThan(5)
    }
  }
})

test('shows the sentence of wrong usage as it is, and codes of the window by their own', () => {
  const failure = new ApiFailure({ code: 'usage', params: { sentence: 'Choose less.' }, retry: 'never' })
  expect(failureSentence(failure)).toBe('Choose less.')
  expect(problemSentence({ code: 'ipc.malformed', params: {} })).toContain('correct it and try again')
  expect(failureSentence(new Error('anything'))).toContain('error of its own')
})

test('knows what a button beside a failure can do', () => {
  const of = (retry: ApiFailure['retry'], code: ApiFailure['code'] = 'graph.stalled'): string | null =>
    nextStep(new ApiFailure({ code, params: {}, retry }))
  expect(of('later')).toBe('try-again')
  expect(of('reauth')).toBe('sign-in-again')
  expect(of('never', 'auth.sign-in-again')).toBe('sign-in-again')
  expect(of('never', 'usage')).toBeNull()
})

test('says what a check or a restore drill found, which is no error', () => {
  expect(problemSentence({ code: 'check', params: { problems: 3 } })).toContain('the last check found: 3.')
  expect(problemSentence({ code: 'check', params: {} })).toContain('The last check found problems.')
  const drill = problemSentence({ code: 'drill', params: { failed: 1, items: 20 } })
  expect(drill).toContain('Of 20 items that the last restore drill tried, 1 could not')
})

test.each([
  ['repository.wrong-passphrase', 'not-kept', 'enter it under Destinations'],
  ['settings.busy', 'operation', 'Something else goes on'],
  ['auth.declined', 'window-closed', 'was closed'],
  ['auth.declined', 'no-window', 'sign in with a code'],
])('%s says why: %s', (code, reason, words) => {
  expect(problemSentence({ code, params: { reason, place: '/b', pid: 1, hostname: 'localhost' } })).toContain(words)
})
