import { texts } from '../../lib/texts/index.ts'
import { retentionOf, steps, type Answers, type Step } from './answers.ts'

const words = texts.wizard

/** What is still to be said in a step, in a sentence that tells how to mend it; undefined if nothing is. */
export function problemOf(step: Step, answers: Answers, isApplication: boolean): string | undefined {
  return checks[step](answers, isApplication)
}

const checks: Readonly<Record<Step, (answers: Answers, isApplication: boolean) => string | undefined>> = {
  'sign-in': ({ account }) => (account === null ? words.signIn.missing : undefined),
  what: whatProblem,
  where: ({ place, placeKind }) => {
    if (place !== null) return undefined
    return placeKind === 'folder' ? words.where.missingFolder : words.where.missingPlace
  },
  passphrase: ({ repository, place, isMade, isSafe }) => {
    if (repository === null || repository !== place) return words.passphrase.missing
    return isMade && !isSafe ? words.passphrase.safeMissing : undefined
  },
  schedule: scheduleProblem,
  summary: ({ name }) => (name.trim() === '' ? words.summary.nameMissing : undefined),
}

function whatProblem({ scope, kinds, roots, types }: Answers, isApplication: boolean): string | undefined {
  if (scope === 'all' && isApplication && kinds.length === 0) return words.what.kindsMissing
  if (scope === 'chosen' && roots.length === 0) return words.what.rootsMissing
  return types?.length === 0 ? words.what.typesMissing : undefined
}

function scheduleProblem(answers: Answers): string | undefined {
  const { when, at, days, hours, keep } = answers
  if ((when === 'daily' || when === 'weekly') && at === '') return words.schedule.timeMissing
  if (when === 'weekly' && days.length === 0) return words.schedule.daysMissing
  if (when === 'hours' && (hours === null || hours < 1 || hours > 8784)) return words.schedule.hoursMissing
  const isEmpty = Object.values(retentionOf(answers)).every((count) => count === null || count === 0)
  return keep === 'custom' && isEmpty ? words.schedule.customMissing : undefined
}

/** The first step that is not answered, the summary at the latest. */
export function firstOpenStep(answers: Answers, isApplication: boolean): Step {
  return steps.find((step) => problemOf(step, answers, isApplication) !== undefined) ?? 'summary'
}
