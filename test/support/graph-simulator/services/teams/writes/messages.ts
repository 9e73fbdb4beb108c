import type { Reply } from '../../../http/exchange.ts'
import { jsonReply } from '../../../http/exchange.ts'
import type { RouteCall } from '../../../routes/context.ts'
import { listValue, optionalText, wordValue } from '../../../routes/message-values.ts'
import { isObject } from '../../../routes/request-json.ts'
import type { JsonObject } from '../../../routes/request-json.ts'
import { userIdentity } from '../ids.ts'
import type { Json, NewChannelMessage, StoredChannelMessage } from '../stored.ts'
import { bodyWith, channelIn, directoryOf, firstMessageIn, invalid, onlyKnown } from './lookup.ts'
import { importTime, requireMigration } from './migration.ts'
import { shownMessage } from './shown.ts'

const writable = [
  'createdDateTime',
  'from',
  'body',
  'subject',
  'importance',
  'attachments',
  'hostedContents',
  'mentions',
  'reactions',
]

/** POST teams/{team}/channels/{channel}/messages. Source: https://learn.microsoft.com/graph/api/channel-post-messages */
export function importMessage(call: RouteCall): Reply {
  return imported(call, undefined)
}

/** POST .../messages/{message}/replies. Source: https://learn.microsoft.com/graph/api/chatmessage-post-replies */
export function importReply(call: RouteCall): Reply {
  return imported(call, firstMessageIn(call))
}

function imported(call: RouteCall, parent: StoredChannelMessage | undefined): Reply {
  const channel = channelIn(call)
  const body = bodyWith(call, writable)
  requireMigration(call, channel)
  const from = authorIn(call, body)
  const at = importTime(call, channel, body.createdDateTime)
  const message = directoryOf(call).place(channel, { ...contentIn(body), from, at, imported: true }, parent)
  return jsonReply(200, shownMessage(call, channel, message))
}

/** "Set the from property to attribute the imported message to a user who belongs to the same tenant." */
function authorIn(call: RouteCall, { from }: JsonObject): Json {
  const user = isObject(from) ? from.user : undefined
  const id = isObject(user) ? user.id : undefined
  const found = typeof id === 'string' ? call.context.tenant.findUser(id) : undefined
  if (found === undefined || found.id !== id) throw invalid('from.user has to be a user of the tenant.')
  return userIdentity(found, directoryOf(call).tenantId)
}

/** "Inline images are the only type of media supported"; older pages exclude mentions, reactions and cards. */
function contentIn(body: JsonObject): NewChannelMessage {
  for (const name of ['mentions', 'reactions']) {
    if ((listValue(body, name) ?? []).length > 0) throw invalid(`'${name}' cannot be imported.`)
  }
  const value = body.body
  if (!isObject(value)) throw invalid("The property 'body' is required.")
  onlyKnown(value, ['content', 'contentType'])
  const content = optionalText(value, 'content') ?? ''
  const isHtml = wordValue(value.contentType ?? 'text', ['text', 'html'], 'contentType') === 'html'
  const attachments = attachmentsIn(body, content)
  const hosted = hostedIn(body, content)
  return {
    ...(isHtml ? { html: withHostedNames(content) } : { text: content }),
    attachments,
    hosted,
    subject: optionalText(body, 'subject') ?? null,
    importance: wordValue(body.importance ?? 'normal', ['normal', 'high', 'urgent'], 'importance'),
  }
}

/** Links to files in SharePoint and OneDrive; each has to be named in the text. */
function attachmentsIn(body: JsonObject, content: string): readonly Json[] {
  return (listValue(body, 'attachments') ?? []).map((value) => {
    if (!isObject(value)) throw invalid('An attachment has to be an object.')
    onlyKnown(value, ['id', 'contentType', 'contentUrl', 'name'])
    const { id, contentType, contentUrl, name } = value
    if (contentType !== 'reference') throw invalid('Only references to files can be imported.')
    if (typeof contentUrl !== 'string' || typeof name !== 'string')
      throw invalid('A reference needs an address and a name.')
    if (typeof id !== 'string' || !content.includes(`<attachment id="${id}">`)) {
      throw invalid('The id of an attachment has to stand in the text.')
    }
    return { id, contentType, contentUrl, content: null, name, thumbnailUrl: null, teamsAppId: null }
  })
}

type Hosted = NonNullable<NewChannelMessage['hosted']>

function hostedIn(body: JsonObject, content: string): Hosted {
  const entries = (listValue(body, 'hostedContents') ?? []).map((value) => {
    if (!isObject(value)) throw invalid('A hosted content has to be an object.')
    onlyKnown(value, ['@microsoft.graph.temporaryId', 'contentBytes', 'contentType'])
    const { '@microsoft.graph.temporaryId': id, contentBytes, contentType } = value
    if (typeof id !== 'string' || !/^\w+$/.test(id)) throw invalid('A hosted content needs a temporary id.')
    if (typeof contentType !== 'string' || !contentType.startsWith('image/'))
      throw invalid('Only images can be imported.')
    if (typeof contentBytes !== 'string' || contentBytes === '') throw invalid('A hosted content needs contentBytes.')
    if (!content.includes(`../hostedContents/${id}/$value`)) throw invalid('A hosted content is not used in the text.')
    return [id, { type: contentType, bytes: Buffer.from(contentBytes, 'base64') }] as const
  })
  const ids = new Set(entries.map(([id]) => id))
  for (const [, id = ''] of content.matchAll(temporary)) if (!ids.has(id)) throw invalid(`There is no content '${id}'.`)
  return Object.fromEntries(entries)
}

const temporary = /\.\.\/hostedContents\/(\w+)\/\$value/g

/** As the state takes them. */
function withHostedNames(content: string): string {
  return content.replace(temporary, (_whole, id: string) => `hosted:${id}`)
}
