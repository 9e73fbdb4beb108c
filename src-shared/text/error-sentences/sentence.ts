import type { ErrorCode } from '../../model/error-codes.ts'
import type { TextTemplate } from '../fill-text.ts'

/** A sentence that depends on the error's `reason`. */
export interface ByReason {
  readonly reasons: Readonly<Record<string, TextTemplate>>
  readonly otherwise: TextTemplate
}

/** The last variant of each text needs no placeholder, so that there always is a sentence. */
export type Sentence = TextTemplate | ByReason

/** Sentences of the codes that begin with a word. */
export type SentencesOf<Prefix extends string> = Readonly<Record<Extract<ErrorCode, `${Prefix}.${string}`>, Sentence>>
