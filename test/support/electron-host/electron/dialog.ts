import type { Dialog, MessageBoxReturnValue, OpenDialogReturnValue, SaveDialogReturnValue } from 'electron'
import type { DialogAnswer } from '../control/methods.ts'
import type { DialogMethod, RecordedDialog } from '../control/recorded.ts'
import { host } from './app-link.ts'
import { plain } from './plain.ts'
import { changed, contribute } from './recorder.ts'

const shown: RecordedDialog[] = []
const answers: DialogAnswer[] = []

/** Electron's two forms: with a window first, or without. */
type Given = readonly [options: object] | readonly [window: { readonly id: number } | undefined, options: object]

/** Records the dialog, and takes the answer that a test has laid ready; there is none: it is cancelled. */
function ask<Answer extends object>(method: DialogMethod, given: Given, cancelled: Answer): Promise<Answer> {
  const [window, options] = given.length === 2 ? [given[0]?.id, given[1]] : [undefined, given[0]]
  const laidReady = answers.shift()
  const answer = laidReady === undefined ? cancelled : { ...cancelled, canceled: false, ...laidReady }
  shown.push({ method, window, options: plain(options), answer })
  changed()
  return Promise.resolve(answer)
}

const noFiles: OpenDialogReturnValue = { canceled: true, filePaths: [] }
const noFile: SaveDialogReturnValue = { canceled: true, filePath: '' }

/** Which button closes the box without an answer. */
function cancelButton(given: Given): MessageBoxReturnValue {
  const options = given.length === 2 ? given[1] : given[0]
  return { response: 'cancelId' in options ? Number(options.cancelId) : 0, checkboxChecked: false }
}

export const dialog = {
  showOpenDialog: (...given: Given) => ask('showOpenDialog', given, noFiles),
  showSaveDialog: (...given: Given) => ask('showSaveDialog', given, noFile),
  showMessageBox: (...given: Given) => ask('showMessageBox', given, cancelButton(given)),
  showErrorBox: (title: string, content: string) => void ask('showErrorBox', [{ title, content }], {}),
} satisfies Pick<Dialog, DialogMethod>

contribute('dialogs', () => [...shown])
host.answer('control.answer-dialog', (answer) => void answers.push(answer))
