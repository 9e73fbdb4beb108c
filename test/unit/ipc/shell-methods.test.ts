import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenDialogOptions, SaveDialogOptions } from 'electron'
import { expect, it } from 'vitest'
import type { Envelope } from '../../../src-shared/ipc/errors.ts'
import { createExternalLinks } from '../../../src-main/app/external-links.ts'
import { PreviewDocuments } from '../../../src-main/app/preview-documents.ts'
import { createHostQuestions } from '../../../src-main/ipc/host-questions.ts'
import { KnownPaths } from '../../../src-main/ipc/known-paths.ts'
import { shellMethods } from '../../../src-main/ipc/shell-methods.ts'
import { memoryPreferences } from '../app/memory-preferences.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const snapshot = 'a'.repeat(64)

function scene(answers: Readonly<Record<string, unknown>> = {}) {
  const folder = temporaryFolder('files')
  const asked: unknown[] = []
  const done: unknown[] = []
  const dialogs: (OpenDialogOptions | SaveDialogOptions)[] = []
  const world = { chosen: undefined as string | undefined }
  const { store } = memoryPreferences()
  const host = createHostQuestions((method, params): Promise<Envelope<unknown>> => {
    asked.push([method, params])
    if (method in answers) return Promise.resolve({ ok: true, value: answers[method] })
    return Promise.resolve({ ok: false, error: { code: 'store.not-found', params: {}, retry: 'never' } })
  })
  const methods = shellMethods({
    info: () => {
      throw new Error('not asked')
    },
    preferences: store,
    links: createExternalLinks({
      openExternal: (address) => Promise.resolve(void done.push(address)),
      homepage: undefined,
    }),
    files: {
      open: (options) => {
        dialogs.push(options)
        const { chosen } = world
        return Promise.resolve({ canceled: chosen === undefined, filePaths: chosen === undefined ? [] : [chosen] })
      },
      save: (options) => {
        dialogs.push(options)
        return Promise.resolve({ canceled: world.chosen === undefined, filePath: world.chosen ?? '' })
      },
      showItemInFolder: (path) => done.push(path),
      documents: () => folder,
      host,
      paths: new KnownPaths(),
    },
    copy: (text) => Promise.resolve(void done.push(text)),
    setPaused: (paused) => done.push(paused),
    quit: () => done.push('quit'),
    updater: {
      state: { state: 'unavailable', version: null },
      check: () => Promise.resolve({ state: 'unavailable' as const, version: null }),
      install: () => Promise.resolve(),
    },
    documents: new PreviewDocuments(),
  })
  return { methods, folder, asked, done, dialogs, world, store }
}

it('writes the recovery kit where the person says, for nobody else to read', async () => {
  const { methods, folder, world, done } = scene({ 'kit.make': { fileName: 'Kit: "home".txt', content: 'kit' } })
  const params = { place: '/backup', format: 'text', withPassphrase: true } as const
  expect(await methods['kit.save'](params)).toEqual({ path: null })
  world.chosen = join(folder, 'kit.txt')
  expect(await methods['kit.save'](params)).toEqual({ path: world.chosen })
  expect(readFileSync(world.chosen, 'utf8')).toBe('kit')
  expect(statSync(world.chosen).mode & 0o077).toBe(0)
  await methods['app.showInFolder']({ path: world.chosen })
  expect(done).toEqual([world.chosen])
})

it('offers a name that every file system takes, whatever the mail called its attachment', async () => {
  const { methods, folder, world, asked, dialogs } = scene({
    'part.name': { name: '../../.bashrc', size: 1 },
    'part.write': {},
  })
  world.chosen = join(folder, 'x')
  const params = { place: '/backup', snapshot, path: 'users/a', part: '0' }
  expect(await methods['browse.savePart'](params)).toEqual({ path: world.chosen })
  expect(dialogs[0]?.defaultPath).toBe(join(folder, '.._.._.bashrc'))
  expect(asked).toEqual([
    ['part.name', params],
    ['part.write', { ...params, to: world.chosen }],
  ])
})

it('passes on why the engine could not', async () => {
  const params = { place: '/backup', snapshot, path: 'users/a', part: '0' }
  await expect(Promise.resolve(scene().methods['browse.savePart'](params))).rejects.toMatchObject({
    error: { code: 'store.not-found' },
  })
})

it('shows in the file manager only what the program has told', async () => {
  const { methods, world, done } = scene()
  expect(() => methods['app.showInFolder']({ path: '/etc' })).toThrow('ipc.refused')
  world.chosen = '/backup'
  expect(await methods['app.chooseFolder']({ title: 'Where?' })).toEqual({ path: '/backup' })
  await methods['app.showInFolder']({ path: '/backup/' })
  expect(() => methods['app.showInFolder']({ path: '/backup/../etc' })).toThrow('ipc.refused')
  expect(done).toEqual(['/backup/'])
})

it('asks for files of the kinds that are wanted', async () => {
  const { methods, dialogs } = scene()
  expect(await methods['app.chooseFile']({ title: 'Certificate', extensions: ['pem', 'pfx'] })).toEqual({ path: null })
  expect(dialogs[0]).toMatchObject({ properties: ['openFile'], filters: [{ extensions: ['pem', 'pfx'] }] })
})

it('keeps the draft of the wizard, but nothing that is called like a secret', async () => {
  const { methods, store } = scene()
  const answers = { place: '/b', passphrase: 'x', source: [{ account: 'a', clientSecret: 'y', token: 'z' }] }
  await methods['wizard.saveDraft']({ draft: { step: 'where', answers } })
  expect(store.remembered.draft).toEqual({ step: 'where', answers: { place: '/b', source: [{ account: 'a' }] } })
  expect(await methods['wizard.draft']({})).toEqual({ draft: store.remembered.draft })
  await methods['wizard.saveDraft']({ draft: null })
  expect(await methods['wizard.draft']({})).toEqual({ draft: null })
})

it('opens links by their names', async () => {
  const { methods, done } = scene()
  expect(await methods['app.openLink']({ link: 'license' })).toEqual({})
  expect(done).toEqual(['https://opensource.org/license/mit'])
  await expect(Promise.resolve(methods['app.openLink']({ link: 'help' }))).rejects.toThrow('ipc.refused')
})
