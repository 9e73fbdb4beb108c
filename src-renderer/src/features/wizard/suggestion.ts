import type { ValueOf } from '../../../../src-shared/ipc/index.ts'

export type Suggestion = ValueOf<'passphrase.suggest'>
