import type { Message } from '../../commands/parts/output.ts'
import { key } from '../../commands/key.ts'
import { capturedOutput } from '../captured-output.ts'
import type { Handlers, SessionWish } from '../context.ts'
import { passphraseName } from '../passphrases.ts'
import type { HostServices } from '../services.ts'
import { withSession } from '../with-session.ts'

type Methods = 'keys.list' | 'keys.add' | 'keys.remove' | 'keys.change'

export function keyHandlers(services: HostServices): Handlers<Methods> {
  return {
    'keys.list': async ({ place }, { signal }) => {
      const messages = await callKey(services, { signal, place, args: ['list', place] })
      return messages.filter(({ message_type: type }) => type === 'key').map(keyRow)
    },
    'keys.add': async ({ place, passphrase, label }, { signal }) => {
      const options = label.trim() === '' ? {} : { user: label.trim() }
      await callKey(services, { signal, place, args: ['add', place], passphrases: { new: passphrase }, options })
      return {}
    },
    'keys.remove': async ({ place, key: id }, { signal }) => {
      await callKey(services, { signal, place, args: ['remove', place, id] })
      return {}
    },
    'keys.change': async ({ place, passphrase }, { signal }) => {
      const secrets = await services.secretStore()
      await callKey(services, { signal, place, args: ['passwd', place], passphrases: { new: passphrase } })
      await secrets.set(passphraseName(place), passphrase)
      services.reopenPlace(place)
      return {}
    },
  }
}

async function callKey(services: HostServices, wish: SessionWish): Promise<readonly Message[]> {
  const messages: Message[] = []
  const output = capturedOutput({ object: (message) => messages.push(message), remark: () => undefined })
  await withSession(services, wish, (session) => key({ ...session, output }))
  return messages
}

function keyRow(message: Message): {
  readonly id: string
  readonly user: string
  readonly machine: string
  readonly created: number | null
  readonly current: boolean
} {
  const { id, user_name: user, host_name: machine, created, current } = message
  const time = typeof created === 'string' ? Date.parse(created) : NaN
  return {
    id: String(id),
    user: typeof user === 'string' ? user : '',
    machine: typeof machine === 'string' ? machine : '',
    created: Number.isNaN(time) ? null : time,
    current: current === true,
  }
}
