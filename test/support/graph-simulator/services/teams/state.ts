import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'
import type { StoredUser } from '../../state/user.ts'
import { groupDirectory, type GroupDirectory } from '../groups/state.ts'
import { storeApps } from './catalog.ts'
import { channelId, hostedId, installationId, memberId, placedHosted, userIdentity } from './ids.ts'
import type {
  CatalogApp,
  ForeignChannel,
  Json,
  NewChannel,
  NewChannelMessage,
  StoredChannel,
  StoredChannelMember,
  StoredChannelMessage,
  StoredTab,
  StoredTag,
  StoredTeam,
} from './stored.ts'

export type * from './stored.ts'

/**
 * The teams of a tenant: what people do in Teams while nobody looks. A team is that of a group which says that it has
 * one (`groupDirectory(tenant).add({ ..., team: true })`); it is there, with its channel General, when it is first asked for.
 * Users are named by id or userPrincipalName.
 */
export class TeamDirectory {
  /** Apps that can be installed, by id. */
  readonly catalog = new Map<string, CatalogApp>(storeApps.map((app) => [app.id, app]))
  /** Messages that requests posted to people: outside of migration mode. */
  posted = 0
  /** Teams that requests answer 403 for, by id. */
  readonly forbidden = new Set<string>()
  /** Replies that come with their first message at most; 1,000 in Graph. */
  expandedReplies = 1_000
  /** Whether the link to further replies is missing, as it sometimes is. */
  losesReplyLinks = false
  readonly tenantId: string
  private readonly tenant: TenantState
  private readonly groups: GroupDirectory
  private readonly clock: SimulatorClock
  private readonly teams = new Map<string, StoredTeam>()
  private last = 0

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
    this.groups = groupDirectory(tenant)
    this.tenantId = guidFrom(`tenant of ${tenant.allUsers()[0]?.id ?? ''}`)
  }

  /** The team of a group; undefined if the group has none. */
  get(id: string): StoredTeam | undefined {
    const group = this.groups.get(id)
    if (group?.resourceProvisioningOptions.includes('Team') !== true) return undefined
    return this.teams.get(group.id) ?? this.begin(group.id, group.createdDateTime)
  }

  all(): readonly StoredTeam[] {
    return this.groups.all().flatMap(({ id }) => this.get(id) ?? [])
  }

  /** Gives a group a team, as PUT /groups/{id}/team does. */
  provide(group: string): StoredTeam {
    const { resourceProvisioningOptions } = this.known(group)
    if (!resourceProvisioningOptions.includes('Team')) {
      this.groups.set(group, { resourceProvisioningOptions: [...resourceProvisioningOptions, 'Team'] })
    }
    return this.team(group)
  }

  /** As `get`, for tests that know that it is there. */
  team(id: string): StoredTeam {
    const team = this.get(id)
    if (team === undefined) throw new Error(`No team ${id}`)
    return team
  }

  /** A channel by its name. */
  channel(team: string, displayName: string): StoredChannel {
    const channel = this.team(team).channels.find((one) => one.displayName === displayName)
    if (channel === undefined) throw new Error(`No channel ${displayName}`)
    return channel
  }

  addChannel(team: string, more: NewChannel): StoredChannel {
    const owner = this.team(team)
    const id = channelId(`${owner.id} ${more.displayName} ${String(owner.channels.length)} ${String(this.stampMs())}`)
    const channel: StoredChannel = {
      id,
      teamId: owner.id,
      displayName: more.displayName,
      description: more.description ?? null,
      membershipType: more.membershipType ?? 'standard',
      createdDateTime: more.createdDateTime ?? this.stamp(),
      originalCreatedDateTime: null,
      email: '',
      addressed: more.addressed ?? true,
      isArchived: false,
      isFavoriteByDefault: false,
      layoutType: more.layoutType ?? 'post',
      migrationMode: null,
      migratedBy: null,
      members: [],
      messages: [],
      tabs: [],
      sharedWith: new Set(),
      revision: 0,
    }
    owner.channels.push(channel)
    for (const user of more.owners ?? []) this.addMember(channel, user, ['owner'])
    for (const user of more.members ?? []) this.addMember(channel, user)
    return channel
  }

  removeChannel(channel: StoredChannel): void {
    const { channels } = this.team(channel.teamId)
    channels.splice(channels.indexOf(channel), 1)
  }

  addMember(channel: StoredChannel, user: string, roles: readonly string[] = []): StoredChannelMember {
    const member = this.memberOf(channel.id, user, roles)
    channel.members.push(member)
    return member
  }

  /** Members of a channel as its list has them; those of a standard one are the team's. */
  membersOf(channel: StoredChannel): readonly StoredChannelMember[] {
    return channel.membershipType === 'standard' ? this.teamMembers(channel.teamId) : channel.members
  }

  teamMembers(team: string): readonly StoredChannelMember[] {
    const { owners, members } = this.known(team)
    return [...new Set([...owners, ...members])].map((user) =>
      this.memberOf(team, user, owners.has(user) ? ['owner'] : []),
    )
  }

  /** Shares a channel with another team of the tenant. */
  share(channel: StoredChannel, team: string): void {
    channel.sharedWith.add(this.team(team).id)
  }

  /** A channel of another tenant is shared with a team of this one. */
  shareFromOutside(team: string, displayName: string): ForeignChannel {
    const owner = guidFrom(`team elsewhere ${displayName}`)
    const channel: ForeignChannel = {
      id: channelId(`elsewhere ${displayName}`),
      displayName,
      tenantId: guidFrom(`tenant elsewhere ${displayName}`),
      teamId: owner,
      createdDateTime: this.stamp(),
    }
    this.team(team).foreignChannels.push(channel)
    return channel
  }

  /** Channels of other teams of this tenant that are shared with a team. */
  sharedWith(team: string): readonly StoredChannel[] {
    return this.all().flatMap(({ channels }) => channels.filter(({ sharedWith }) => sharedWith.has(team)))
  }

  /** Somebody writes into a channel, or answers a message in it. */
  post(
    channel: StoredChannel,
    from: string,
    more: NewChannelMessage,
    replyTo?: StoredChannelMessage,
  ): StoredChannelMessage {
    return this.place(channel, { from: userIdentity(this.user(from), this.tenantId), ...more }, replyTo)
  }

  /** A line that Teams writes itself. `detail`: type name and properties. */
  event(channel: StoredChannel, detail: Json): StoredChannelMessage {
    return this.place(channel, { from: null, eventDetail: detail, html: '<systemEventMessage/>' })
  }

  /** A message of whatever origin; `imported` as in migration mode. */
  place(
    channel: StoredChannel,
    more: NewChannelMessage & { readonly from: Json | null; readonly eventDetail?: Json; readonly imported?: boolean },
    replyTo?: StoredChannelMessage,
  ): StoredChannelMessage {
    const createdDateTime = more.at === undefined ? this.stamp() : new Date(Date.parse(more.at)).toISOString()
    const message = newMessage(channel, createdDateTime, more, replyTo)
    ;(replyTo?.replies ?? channel.messages).push(message)
    if (channel.email === '' && channel.addressed) channel.email = addressOf(channel)
    if (!message.imported) this.changed(channel, message)
    return message
  }

  find(channel: StoredChannel, id: string): StoredChannelMessage | undefined {
    return channel.messages.find((message) => message.id === id)
  }

  edit(channel: StoredChannel, message: StoredChannelMessage, html: string): void {
    message.body = { contentType: 'html', content: html }
    message.lastEditedDateTime = this.touch(channel, message)
  }

  react(channel: StoredChannel, message: StoredChannelMessage, from: string, reactionType: string): void {
    const createdDateTime = this.touch(channel, message)
    const user = userIdentity(this.user(from), this.tenantId)
    const reaction = { reactionType, displayName: reactionType, reactionContentUrl: null, createdDateTime, user }
    message.reactions = [...message.reactions, reaction]
  }

  /** What the sender deletes stays as an empty message; answers to it stay as they are. */
  delete(channel: StoredChannel, message: StoredChannelMessage): void {
    message.deletedDateTime = this.touch(channel, message)
    message.body = { contentType: 'html', content: '' }
    message.attachments = []
    message.mentions = []
    message.hosted.clear()
  }

  /** What a retention policy removes is gone without a trace. */
  purge(channel: StoredChannel, message: StoredChannelMessage): void {
    channel.messages.splice(channel.messages.indexOf(message), 1)
  }

  addTab(channel: StoredChannel, tab: Partial<StoredTab> & Pick<StoredTab, 'displayName' | 'teamsAppId'>): StoredTab {
    const stored: StoredTab = {
      id: guidFrom(`tab ${channel.id} ${tab.displayName} ${String(channel.tabs.length)}`),
      configuration: null,
      sortOrderIndex: `${String(channel.tabs.length + 1)}00`,
      ...tab,
    }
    channel.tabs.push(stored)
    return stored
  }

  install(team: string, teamsAppId: string): void {
    const { id, apps } = this.team(team)
    if (!this.catalog.has(teamsAppId)) throw new Error(`No app ${teamsAppId}`)
    apps.push({ id: installationId(id, teamsAppId), teamsAppId })
  }

  addTag(team: string, displayName: string, members: readonly string[]): StoredTag {
    const { id, tags } = this.team(team)
    const seed = Buffer.from(`${this.tenantId}##${id}##${guidFrom(`tag ${id} ${displayName}`)}`)
    const users = new Set(members.map((name) => this.user(name).id))
    const tag = { id: seed.toString('base64'), displayName, description: null, members: users }
    tags.push(tag)
    return tag
  }

  /** Notes that a message was changed: what delta goes by. */
  changed(channel: StoredChannel, message: StoredChannelMessage): void {
    const first = message.replyToId === null ? message : this.find(channel, message.replyToId)
    channel.revision++
    if (first !== undefined) first.revision = channel.revision
  }

  /** ISO 8601, no two alike: "unique to the millisecond". */
  stamp(): string {
    return new Date(this.stampMs()).toISOString()
  }

  now(): number {
    return this.clock.now()
  }

  user(name: string): StoredUser {
    const user = this.tenant.findUser(name)
    if (user === undefined) throw new Error(`No user ${name}`)
    return user
  }

  private stampMs(): number {
    this.last = Math.max(this.last + 1, this.clock.now())
    return this.last
  }

  private touch(channel: StoredChannel, message: StoredChannelMessage): string {
    const now = this.stamp()
    message.lastModifiedDateTime = now
    message.etag = String(Date.parse(now))
    this.changed(channel, message)
    return now
  }

  private begin(id: string, createdDateTime: string): StoredTeam {
    const team: StoredTeam = {
      id,
      createdDateTime,
      isArchived: false,
      settings: structuredClone(usualSettings),
      migrationMode: null,
      channels: [],
      foreignChannels: [],
      apps: [],
      tags: [],
    }
    this.teams.set(id, team)
    this.addChannel(id, { displayName: 'General', createdDateTime }).isFavoriteByDefault = true
    return team
  }

  private memberOf(where: string, name: string, roles: readonly string[]): StoredChannelMember {
    const { id, displayName, mail } = this.user(name)
    return { id: memberId(this.tenantId, where, id), userId: id, displayName, email: mail, roles }
  }

  private known(group: string): ReturnType<GroupDirectory['add']> {
    const found = this.groups.get(group)
    if (found === undefined) throw new Error(`No group ${group}`)
    return found
  }
}

function newMessage(
  channel: StoredChannel,
  createdDateTime: string,
  more: NewChannelMessage & { readonly from: Json | null; readonly eventDetail?: Json; readonly imported?: boolean },
  replyTo: StoredChannelMessage | undefined,
): StoredChannelMessage {
  const id = String(Date.parse(createdDateTime))
  const where = `${channel.id}/${id}`
  const named = Object.entries(more.hosted ?? {})
  const ids = new Map(named.map(([name]) => [name, hostedId(`${where} ${name}`)]))
  const placed = (content: string): string => placedHosted(content, channel, id, replyTo?.id, ids)
  return {
    id,
    replyToId: replyTo?.id ?? null,
    createdDateTime,
    from: more.from,
    messageType: more.eventDetail === undefined ? 'message' : 'systemEventMessage',
    eventDetail: more.eventDetail ?? null,
    imported: more.imported ?? false,
    etag: id,
    lastModifiedDateTime: createdDateTime,
    lastEditedDateTime: null,
    deletedDateTime: null,
    subject: more.subject ?? null,
    importance: more.importance ?? 'normal',
    body:
      more.html === undefined
        ? { contentType: 'text', content: more.text ?? '' }
        : { contentType: 'html', content: placed(more.html) },
    attachments: (more.attachments ?? []).map((one) => JSON.parse(placed(JSON.stringify(one))) as Json),
    mentions: more.mentions ?? [],
    reactions: [],
    policyViolation: more.policyViolation ?? null,
    hosted: new Map(named.map(([name, { type, bytes }]) => [ids.get(name) ?? '', { type, bytes: Buffer.from(bytes) }])),
    replies: [],
    revision: 0,
  }
}

function addressOf({ id }: StoredChannel): string {
  return `${guidFrom(`address ${id}`).slice(0, 8)}.contoso.example@emea.teams.ms`
}

const usualSettings = {
  memberSettings: {
    allowCreateUpdateChannels: true,
    allowCreatePrivateChannels: true,
    allowDeleteChannels: true,
    allowAddRemoveApps: true,
    allowCreateUpdateRemoveTabs: true,
    allowCreateUpdateRemoveConnectors: true,
  },
  guestSettings: { allowCreateUpdateChannels: false, allowDeleteChannels: false },
  messagingSettings: {
    allowUserEditMessages: true,
    allowUserDeleteMessages: true,
    allowOwnerDeleteMessages: true,
    allowTeamMentions: true,
    allowChannelMentions: true,
  },
  funSettings: {
    allowGiphy: true,
    giphyContentRating: 'moderate',
    allowStickersAndMemes: true,
    allowCustomMemes: true,
  },
}

const make = (tenant: TenantState, clock: SimulatorClock): TeamDirectory => new TeamDirectory(tenant, clock)

/** The teams of a tenant. */
export function teamDirectory(tenant: TenantState): TeamDirectory {
  return tenant.service(make)
}
