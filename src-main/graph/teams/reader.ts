import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  ListedItem,
  Root,
} from '../../engine/ports/data-type.ts'
import { EngineError } from '../../engine/model/errors.ts'
import type { GraphClient } from '../client/types.ts'
import { graphPath } from '../client/graph-url.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hostedContentsOf, hostedIn, withHostedContents, type HostedPlace } from '../messages/hosted-contents.ts'
import { messageIdentity, messageMetadata, messageRow, messageText, splitKey } from '../messages/message-row.ts'
import { listTeam, readFacts, type TeamFacts } from './channel-listing.ts'
import { conversationChange, readConversation } from './conversation.ts'
import { messageChanges } from './message-listing.ts'
import { messagesPath, teamOf, type Team } from './team-access.ts'
import { teamChanges, teamItemIdentity, teamItemMetadata, teamItemRow, teamItemText, teamKindOf } from './team-items.ts'

/** Conversations of channels, and what else a team has, as they are stored: what the catalog is rebuilt with. */
export const teamsDescriber: ItemDescriber = {
  type: 'teams',
  folder: 'teams',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: (metadata) => {
    const kind = teamKindOf(propertiesOf(metadata))
    return kind === undefined ? messageRow(metadata) : teamItemRow(kind)
  },
  identity: (metadata) => {
    const kind = teamKindOf(propertiesOf(metadata))
    return kind === undefined ? messageIdentity(metadata) : teamItemIdentity(kind, metadata)
  },
  searchText: (metadata) => {
    const properties = propertiesOf(metadata)
    const isMessage = teamKindOf(properties) === undefined
    return Promise.resolve(isMessage ? messageText(metadata) : teamItemText(properties))
  },
}

/**
 * Reads the team of a group: standard, private and shared channels with their tabs and members, their conversations (a
 * first message with its replies, pictures and snippets), and the team's settings, apps and tags. A channel that another
 * team shares with it is named only, and stored with its owner. Files lie in the libraries of the group and of the sites
 * that private and shared channels have; the channel says where. `now`: milliseconds since 1970.
 *
 * Only endpoints are used for which Microsoft charges nothing: not getAllMessages.
 * https://learn.microsoft.com/graph/api/resources/teams-api-overview
 */
export function teamsReader(client: GraphClient, now: () => number = () => Date.now()): DataTypeReader {
  /** What is no channel, by group, between `containers` and the end of the run. */
  const told = new Map<string, TeamFacts>()
  const refusing = new Map<string, Set<string>>()
  return {
    ...teamsDescriber,
    containers: async (root, last, signal) => {
      const { listing, facts } = await listTeam(teamOf(client, root, signal), root, last)
      told.set(root.id, facts)
      return listing
    },
    changes: (root, container, start, signal) => {
      const team = teamOf(client, root, signal)
      if (container.id === team.id) return ownThings(team, root, told.get(root.id))
      const properties = propertiesOf(container.properties)
      const refused = refusing.get(root.id) ?? new Set()
      refusing.set(root.id, refused)
      return messageChanges(team, { id: container.id, properties, now, refusing: refused }, start)
    },
    metadata: metadataOf,
    properties: propertiesOf,
    body: (root, container, item, signal) => bodyOf(teamOf(client, root, signal), container.id, item),
    item: (root, id, signal) => readItem(teamOf(client, root, signal), root, id),
    finished: (root) => {
      told.delete(root.id)
      refusing.delete(root.id)
      return Promise.resolve()
    },
  }
}

async function* ownThings(
  team: Team,
  root: Root,
  facts: TeamFacts | undefined,
): AsyncGenerator<ChangePage, void, undefined> {
  yield teamChanges(team, facts ?? (await readFacts(team, root)))
}

function metadataOf(properties: JsonObject): JsonObject {
  const kind = teamKindOf(properties)
  return kind === undefined ? messageMetadata('channelMessage', properties) : teamItemMetadata(kind, properties)
}

async function bodyOf(team: Team, channel: string, { properties, previous }: ListedItem): Promise<ItemBody> {
  if (teamKindOf(properties) !== undefined || hostedIn(properties).length === 0) return {}
  const before = previous === undefined ? [] : hostedContentsOf(propertiesOf(previous))
  const path = ({ id, message, reply }: HostedPlace): string => {
    const inside = reply === undefined ? '' : graphPath`/replies/${reply}`
    return `${messagesPath(team, channel)}${graphPath`/${message}`}${inside}${graphPath`/hostedContents/${id}/$value`}`
  }
  return await withHostedContents({ client: team.client, signal: team.signal, path }, properties, before)
}

async function readItem(
  team: Team,
  root: Root,
  id: string,
): Promise<{ readonly container: string; readonly properties: JsonObject }> {
  const { thread, message } = splitKey(id)
  const change =
    thread === team.id
      ? teamChanges(team, await readFacts(team, root)).changes.find((one) => one.id === id)
      : await conversationChange(team, thread, await readConversation(team, thread, message))
  if (change?.kind !== 'put') throw new EngineError('graph.not-found')
  return { container: thread, properties: change.properties }
}
