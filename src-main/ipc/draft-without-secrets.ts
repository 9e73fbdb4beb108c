import type { Remembered } from '../app/preferences.ts'

type Draft = Remembered['draft']

const secretName = /pass|secret|password|credential|token/i

/** The wizard's draft is written to a file: what is called like a secret is not, whatever the page sends. */
export function withoutSecrets(draft: Draft): Draft {
  if (draft === null) return null
  return { ...draft, answers: cleaned(draft.answers) as NonNullable<Draft>['answers'] }
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !secretName.test(name))
  return Object.fromEntries(kept.map(([name, held]) => [name, cleaned(held)]))
}
