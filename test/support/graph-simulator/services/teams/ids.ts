import { guidFrom } from '../../random.ts'
import type { StoredUser } from '../../state/user.ts'
import type { Json, StoredChannel } from './stored.ts'

/** What addresses inside of messages begin with; replaced by the simulator's own when they are shown. */
export const graphOrigin = 'https://graph.microsoft.com'

export function channelId(seed: string): string {
  return `19:${guidFrom(`channel ${seed}`).replaceAll('-', '')}@thread.tacv2`
}

/** Of a team or a channel. */
export function memberId(tenant: string, where: string, user: string): string {
  return Buffer.from(`${tenant}##${where}##${user}`).toString('base64')
}

export function installationId(team: string, app: string): string {
  return Buffer.from(`${team}##${app}`).toString('base64')
}

export function hostedId(seed: string): string {
  return Buffer.from(`id=x_0-wus-d9-${guidFrom(seed)},type=1`)
    .toString('base64')
    .replaceAll('=', '')
}

/** The sender of a message, or who reacted to it. */
export function userIdentity(user: Pick<StoredUser, 'id' | 'displayName'>, tenantId: string): Json {
  return {
    application: null,
    device: null,
    user: {
      '@odata.type': '#microsoft.graph.teamworkUserIdentity',
      id: user.id,
      displayName: user.displayName,
      userIdentityType: 'aadUser',
      tenantId,
    },
  }
}

/** `hosted:<name>` in a text becomes the address of that content. */
export function placedHosted(
  content: string,
  { id, teamId }: Pick<StoredChannel, 'id' | 'teamId'>,
  message: string,
  replyTo: string | undefined,
  ids: ReadonlyMap<string, string>,
): string {
  const where = replyTo === undefined ? message : `${replyTo}/replies/${message}`
  const base = `${graphOrigin}/v1.0/teams/${teamId}/channels/${id}/messages/${where}/hostedContents`
  return content.replace(/hosted:([\w-]+)/g, (_whole, name: string) => `${base}/${ids.get(name) ?? ''}/$value`)
}
