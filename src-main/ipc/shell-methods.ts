import type { ValueOf } from '../../src-shared/ipc/contract.ts'
import type { ExternalLinks } from '../app/external-links.ts'
import type { PreferenceStore } from '../app/preferences.ts'
import type { PreviewDocuments } from '../app/preview-documents.ts'
import type { Updater } from '../app/updater.ts'
import { withoutSecrets } from './draft-without-secrets.ts'
import { fileMethods, type FileMethodParts } from './file-methods.ts'
import type { ShellHandlers } from './handle-invoke.ts'
import { refused } from './ipc-failure.ts'

export interface ShellMethodParts {
  readonly info: () => ValueOf<'app.info'>
  readonly preferences: PreferenceStore
  readonly links: ExternalLinks
  readonly files: FileMethodParts
  readonly copy: (text: string) => Promise<void>
  readonly setPaused: (paused: boolean | number) => void
  readonly quit: () => void
  readonly updater: Pick<Updater, 'state' | 'check' | 'install'>
  readonly documents: PreviewDocuments
}

/** What main answers the page itself. */
export function shellMethods(parts: ShellMethodParts): ShellHandlers {
  const { preferences, links, updater } = parts
  return {
    ...fileMethods(parts.files),
    'app.info': () => parts.info(),
    'app.preferences': () => preferences.preferences,
    'app.setPreferences': (change) => preferences.choose(change),
    'app.openLink': async ({ link }) => {
      if (!(await links.open(link))) throw refused()
      return {}
    },
    'app.copy': async ({ text }) => {
      await parts.copy(text)
      return {}
    },
    'app.setPaused': ({ paused }) => done(() => parts.setPaused(paused)),
    'app.quit': () => done(() => parts.quit()),
    'app.updates': () => updater.state,
    'app.checkForUpdates': () => updater.check(),
    'app.installUpdate': async () => {
      await updater.install()
      return {}
    },
    'wizard.draft': () => ({ draft: preferences.remembered.draft }),
    'wizard.saveDraft': ({ draft }) => done(() => preferences.remember({ draft: withoutSecrets(draft) })),
    'preview.frame': (document) => ({ url: parts.documents.add(document) }),
  }
}

function done(work: () => void): Record<string, never> {
  work()
  return {}
}
