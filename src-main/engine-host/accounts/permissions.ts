import type { ParamsOf, ValueOf } from '../../../src-shared/ipc/contract.ts'
import { findAccount } from '../../auth/accounts.ts'
import { permissions } from '../../commands/permissions.ts'
import type { Message } from '../../commands/parts/output.ts'
import { capturedOutput } from '../captured-output.ts'
import type { GivenOptions } from '../context.ts'
import { rootTypesText } from '../plans/source-kinds.ts'
import type { HostServices } from '../services.ts'

type Permissions = ValueOf<'accounts.permissions'>
type Row = Permissions['rows'][number]

/** What data types need, and what of it the sign-in has. Rejects as `holdfast permissions` does. */
export async function accountPermissions(
  services: HostServices,
  asked: ParamsOf<'accounts.permissions'>,
  signal: AbortSignal,
): Promise<Permissions> {
  const messages: Message[] = []
  const output = capturedOutput({ object: (message) => messages.push(message), remark: () => undefined })
  const session = services.sessionFor({ signal, options: await optionsOf(services, asked) })
  try {
    await permissions({ ...session, output })
  } finally {
    await session.close()
  }
  const rows = permissionRows(messages)
  return { rows, missing: rows.filter(({ granted, restore }) => !granted && !restore).length }
}

/** A person's own things need no looking for, unless groups or sites are meant as well. */
async function optionsOf(
  services: HostServices,
  { name, kinds, types }: ParamsOf<'accounts.permissions'>,
): Promise<GivenOptions> {
  const account = await findAccount(await services.secretStore(), name)
  const isOwn = account?.kind === 'person' && kinds.every((kind) => kind === 'user')
  return {
    account: name,
    ...(isOwn || kinds.length === 0 ? {} : { 'office365-included-root-types': rootTypesText(kinds) }),
    ...(types === null || types.length === 0 ? {} : { include: [`type:${types.join(',')}`] }),
  }
}

/** One row for each permission, with all that need it. What Graph does not offer with this sign-in has none. */
export function permissionRows(messages: readonly Message[]): Row[] {
  const rows = new Map<
    string,
    { readonly permission: string; readonly restore: boolean; granted: boolean; types: string[] }
  >()
  for (const message of messages) {
    if (message.message_type !== 'permission') continue
    const granted = texts(message.granted)
    const [permission] = [...granted, ...texts(message.any_of)]
    if (permission === undefined) continue
    const restore = message.during === 'restore'
    const key = `${permission} ${String(restore)}`
    const row = rows.get(key) ?? { permission, restore, granted: granted.length > 0, types: [] }
    const type = String(message.type)
    if (!row.types.includes(type)) row.types.push(type)
    rows.set(key, row)
  }
  return [...rows.values()]
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
