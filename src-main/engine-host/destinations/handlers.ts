import { init } from '../../commands/init.ts'
import type { Message } from '../../commands/parts/output.ts'
import { openRepositoryAt } from '../../commands/parts/repository.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import { isGraphDestination } from '../../destinations/graph-drive/urls.ts'
import { folderPath } from '../../commands/parts/destination.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { accountOf } from '../accounts/account-rows.ts'
import { withAccountNoted } from '../accounts/noted.ts'
import { capturedOutput } from '../captured-output.ts'
import type { Handlers, HostSession } from '../context.ts'
import { suggestPassphrase } from '../passphrase/suggest.ts'
import { forgetPassphrase, passphraseName } from '../passphrases.ts'
import type { HostServices } from '../services.ts'
import { listDestinations } from './destination-rows.ts'
import { placeFigures } from './figures.ts'
import { keptPlace } from './known-places.ts'
import type { PickedTitles } from './picked-titles.ts'
import type { PlaceState } from './place-state.ts'
import { testDrive } from './test-drive.ts'
import { testFolder } from './test-folder.ts'
import { withSession } from '../with-session.ts'

type Methods =
  | 'destinations.list'
  | 'destinations.test'
  | 'destinations.create'
  | 'destinations.unlock'
  | 'destinations.remove'
  | 'destinations.figures'
  | 'passphrase.suggest'

export function destinationHandlers(services: HostServices, titles: PickedTitles): Handlers<Methods> {
  return {
    'destinations.list': () => listDestinations(services),
    'destinations.test': ({ place }, { signal }) => ofAccount(services, place, () => test(services, place, signal)),
    'destinations.create': async ({ place: asked, passphrase }, { signal }) => {
      const place = await keptPlace(services, asked)
      // Nobody should make a repository and learn then that its passphrase cannot be kept.
      const secrets = await services.secretStore()
      await secrets.list('passphrase/')
      const wish = { signal, args: [place], passphrases: { new: passphrase } }
      const repository = await ofAccount(services, place, () => withSession(services, wish, makeRepository))
      await secrets.set(passphraseName(place), passphrase)
      await keep(services, titles, place, repository)
      return { repository }
    },
    'destinations.unlock': async ({ place: asked, passphrase }, { signal }) => {
      const place = await keptPlace(services, asked)
      const wish = { signal, args: [place], passphrases: { open: passphrase } }
      const repository = await ofAccount(services, place, () =>
        withSession(services, wish, async (session) => (await openRepositoryAt(session, place)).repository.config.id),
      )
      await (await services.secretStore()).set(passphraseName(place), passphrase)
      await keep(services, titles, place, repository)
      return { repository }
    },
    'destinations.remove': async ({ place }) => {
      const { plans } = await readSettings(services.profile)
      const user = plans.find(({ destination }) => destination === place)
      if (user !== undefined)
        throw new UsageError(`The plan "${user.name}" writes there: remove the plan first, or give it another place.`)
      await forgetPassphrase(await services.secretStore(), place)
      await services.state.forgetPlace(place)
      services.reopenPlace(place)
      services.emit('changed', { what: ['destinations'] })
      return {}
    },
    'destinations.figures': ({ place }, { signal }) =>
      ofAccount(services, place, () => placeFigures(services, place, signal)),
    'passphrase.suggest': () => Promise.resolve({ ...suggestPassphrase() }),
  }
}

async function test(services: HostServices, place: string, signal: AbortSignal): Promise<PlaceState> {
  const found = isGraphDestination(place)
    ? await withSession(services, { signal, args: [place] }, (session) => testDrive(session, place, services.clock))
    : await testFolder(folderPath(place, 'The destination'))
  await noteRoom(services, place, found)
  return found
}

/** Of a place that is known already. */
async function noteRoom({ state }: HostServices, place: string, { free, total }: PlaceState): Promise<void> {
  if (free === null || total === null || (await state.place(place)) === undefined) return
  await state.notePlace(place, { free, total })
}

async function makeRepository(session: HostSession): Promise<string> {
  let made: unknown
  const output = capturedOutput({
    object: (message: Message) => {
      made = message.id
    },
    remark: () => undefined,
  })
  await init({ ...session, output })
  return String(made)
}

async function keep(services: HostServices, titles: PickedTitles, place: string, repository: string): Promise<void> {
  const title = titles.of(place)
  await services.state.notePlace(place, { repository, ...(title === undefined ? {} : { title }) })
  services.reopenPlace(place)
  services.emit('changed', { what: ['destinations', 'plans'] })
}

/** What the place's account is used for, if it has one. */
async function ofAccount<T>(services: HostServices, place: string, work: () => Promise<T>): Promise<T> {
  const account = accountOf(place)
  return account === undefined ? await work() : await withAccountNoted(services, account, work)
}
