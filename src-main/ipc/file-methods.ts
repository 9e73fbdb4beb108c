import { join } from 'node:path'
import type { OpenDialogOptions, OpenDialogReturnValue, SaveDialogOptions, SaveDialogReturnValue } from 'electron'
import { safeName } from '../../src-shared/model/safe-name.ts'
import { texts } from '../app/texts.ts'
import { inPlace, writeWhole } from '../settings/private-file.ts'
import type { ShellHandlers } from './handle-invoke.ts'
import type { HostQuestions } from './host-questions.ts'
import { refused } from './ipc-failure.ts'
import type { KnownPaths } from './known-paths.ts'

export interface FileMethodParts {
  readonly open: (options: OpenDialogOptions) => Promise<OpenDialogReturnValue>
  readonly save: (options: SaveDialogOptions) => Promise<SaveDialogReturnValue>
  readonly showItemInFolder: (path: string) => void
  /** Where a dialog begins. */
  readonly documents: () => string
  readonly host: HostQuestions
  readonly paths: KnownPaths
}

type Names = 'app.chooseFolder' | 'app.chooseFile' | 'app.showInFolder' | 'kit.save' | 'browse.savePart'

/** Methods that open a dialog for files. A path that a person did not choose is never written to. */
export function fileMethods(parts: FileMethodParts): Pick<ShellHandlers, Names> {
  const { host, paths } = parts
  return {
    'app.chooseFolder': ({ title }) =>
      chosen(parts, { title, properties: ['openDirectory', 'createDirectory', 'promptToCreate'] }),
    'app.chooseFile': ({ title, extensions }) =>
      chosen(parts, {
        title,
        properties: ['openFile'],
        ...(extensions.length === 0 ? {} : { filters: [{ name: extensions.join(', '), extensions }] }),
      }),
    'app.showInFolder': ({ path }) => {
      if (!paths.has(path)) throw refused()
      parts.showItemInFolder(path)
      return {}
    },
    'kit.save': async (params) => {
      const { fileName, content } = await host.internal('kit.make', params)
      const path = await placeToSave(parts, texts.files.saveKit, fileName)
      if (path !== null) await inPlace(path, () => writeWhole(path, content))
      return noted(paths, path)
    },
    'browse.savePart': async (params) => {
      const { name } = await host.internal('part.name', params)
      const path = await placeToSave(parts, texts.files.savePart, name)
      if (path !== null) await host.internal('part.write', { ...params, to: path })
      return noted(paths, path)
    },
  }
}

async function chosen(
  { open, paths, documents }: FileMethodParts,
  options: OpenDialogOptions,
): Promise<{ path: string | null }> {
  const { canceled, filePaths } = await open({ defaultPath: documents(), ...options })
  return noted(paths, canceled ? null : (filePaths[0] ?? null))
}

/** The name may come out of a mail: it is made safe before it is offered. */
async function placeToSave({ save, documents }: FileMethodParts, title: string, name: string): Promise<string | null> {
  const { canceled, filePath } = await save({ title, defaultPath: join(documents(), safeName(name, 200)) })
  return canceled || filePath === '' ? null : filePath
}

function noted(paths: KnownPaths, path: string | null): { path: string | null } {
  if (path !== null) paths.add(path)
  return { path }
}
