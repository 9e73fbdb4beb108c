import { recoveryPage, recoveryText } from '../commands/parts/recovery-kit.ts'
import { isGraphDestination } from '../destinations/graph-drive/urls.ts'
import { listKeys } from '../engine/index.ts'
import type { InternalHandlers } from './context.ts'
import type { HostServices } from './services.ts'

const SHORT = 8

/** What a person prints and puts away. Main writes it into the file that was chosen, and nowhere else. */
export function recoveryKitHandlers(services: HostServices): InternalHandlers<'kit.make'> {
  return {
    'kit.make': async ({ place, format, withPassphrase }, { signal }) => {
      const { repository, session, release } = await services.openPlace(place, signal)
      try {
        const { location } = repository.store
        const { id } = repository.config
        const kit = {
          location,
          folder: isGraphDestination(place) ? undefined : location,
          repositoryId: id,
          keys: (await listKeys(repository.store, signal)).keys,
          passphrase: withPassphrase ? await session.passphrase('open') : undefined,
          made: services.clock.now(),
        }
        const name = `holdfast-recovery-kit-${id.slice(0, SHORT)}`
        return format === 'html'
          ? { fileName: `${name}.html`, content: recoveryPage(kit) }
          : { fileName: `${name}.txt`, content: recoveryText(kit) }
      } finally {
        release()
      }
    },
  }
}
