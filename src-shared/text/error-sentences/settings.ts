import type { SentencesOf } from './sentence.ts'

export const settingsSentences: SentencesOf<'settings'> = {
  'settings.damaged': [
    'The settings of the profile are not right at "{field}": correct settings.json there, or put it back from a copy.',
    'The settings of the profile cannot be read: correct settings.json there, or put it back from a copy.',
  ],
  'settings.newer': [
    'The settings of the profile are of version {version}, which a newer Holdfast wrote: use that, or another --profile.',
    'A newer Holdfast wrote the settings of the profile: use that, or another --profile.',
  ],
  'settings.busy': {
    reasons: { operation: 'Something else goes on at that destination: wait until it is done, then try again.' },
    otherwise: [
      'Another Holdfast is at it (process {pid} on {hostname}): wait until it is done, then try again.',
      'Another Holdfast is at it: wait until it is done, then try again.',
    ],
  },
}
