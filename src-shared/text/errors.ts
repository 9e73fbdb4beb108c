import type { ErrorCode } from '../model/error-codes.ts'
import { generalSentences } from './error-sentences/general.ts'
import { graphSentences } from './error-sentences/graph.ts'
import { repositorySentences } from './error-sentences/repository.ts'
import { restoreSentences } from './error-sentences/restore.ts'
import { settingsSentences } from './error-sentences/settings.ts'
import { signInSentences } from './error-sentences/sign-in.ts'
import { storeSentences } from './error-sentences/store.ts'
import type { ByReason, Sentence } from './error-sentences/sentence.ts'
import { fillText, type TextTemplate, type TextValues } from './fill-text.ts'

/**
 * What a person reads of an error: what happened, and what to do next. Placeholders come from the error's context;
 * `place` (destination, target or profile folder) and `service` (address of Graph or of the sign-in) are added by who
 * shows it.
 */
const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  ...generalSentences,
  ...storeSentences,
  ...repositorySentences,
  ...signInSentences,
  ...graphSentences,
  ...restoreSentences,
  ...settingsSentences,
}

/** The sentence for an error. */
export function errorSentence(code: ErrorCode, context: TextValues = {}): string {
  // Stored by a later version, which knew more of them.
  const known: Readonly<Partial<Record<string, Sentence>>> = sentences
  const sentence = known[code]
  if (sentence === undefined) return fallback
  const template = isByReason(sentence) ? byReason(sentence, context) : sentence
  return fillText(template, context) ?? fillText(lastOf(sentence), context) ?? fallback
}

const fallback = 'Holdfast cannot go on: run the command again with --verbose to see why.'

function isByReason(sentence: Sentence): sentence is ByReason {
  return typeof sentence === 'object' && 'reasons' in sentence
}

function byReason({ reasons, otherwise }: ByReason, context: TextValues): TextTemplate {
  const { reason } = context
  return (typeof reason === 'string' && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? otherwise
}

function lastOf(sentence: Sentence): TextTemplate {
  return isByReason(sentence) ? sentence.otherwise : sentence
}
