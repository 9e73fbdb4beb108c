import {
  BrowserWindow,
  dialog,
  type MessageBoxOptions,
  type MessageBoxReturnValue,
  type OpenDialogOptions,
  type OpenDialogReturnValue,
  type SaveDialogOptions,
  type SaveDialogReturnValue,
} from 'electron'

/** The system's own dialogs, in front of the window while that is shown. */
export const dialogs = {
  ask: (options: MessageBoxOptions): Promise<MessageBoxReturnValue> => {
    const window = shownWindow()
    return window === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options)
  },
  open: (options: OpenDialogOptions): Promise<OpenDialogReturnValue> => {
    const window = shownWindow()
    return window === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options)
  },
  save: (options: SaveDialogOptions): Promise<SaveDialogReturnValue> => {
    const window = shownWindow()
    return window === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options)
  },
} as const

function shownWindow() {
  return BrowserWindow.getAllWindows().find((window) => window.isVisible())
}
