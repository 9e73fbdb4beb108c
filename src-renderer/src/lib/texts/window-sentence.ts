import type { IpcErrorCode } from '../../../../src-shared/ipc/index.ts'
import type { TextTemplate } from '../../../../src-shared/text/fill-text.ts'

/** Where the window says something else than the command line: other words for all of a code, or for some reasons. */
export interface WindowSentence {
  readonly reasons?: Readonly<Record<string, TextTemplate>>
  /** Without it, the sentence of src-shared/text/errors.ts. */
  readonly otherwise?: TextTemplate
}

export type WindowSentences = Readonly<Partial<Record<IpcErrorCode, WindowSentence>>>
