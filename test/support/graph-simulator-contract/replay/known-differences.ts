import type { Verdict } from './replay.ts'

/** Examples that the simulator answers otherwise, and rightly. */
const knownExamples: readonly { readonly match: RegExp; readonly reason: string }[] = [
  {
    match: /meetingMessageType is missing/,
    reason: 'is about a meeting request: the mails of the simulator are plain messages',
  },
  {
    match: /filterQuery is missing|mailFolders\/AAMkAGVmMDEzM -> 400/,
    reason: 'is about a search folder, which the simulator has none of',
  },
  {
    match: /\/permissions -> answer\.value\[0\]\.link is missing/,
    reason: 'shows a link first, where the owner stands first here',
  },
  {
    match: /onenote\/.* -> answer(\.value\[0\])?\.content is missing/,
    reason: 'shows a stream inside JSON, which the schema says is no part of it',
  },
  {
    match: /startswith\(displayName,'a'\).*mailNickname is missing|organizationId is missing/,
    reason: 'shows a property that is not given without $select',
  },
  { match: /customSecurityAttributes -> 403/, reason: 'takes a role that the application has not' },
  {
    match: /(calendarPermissions|childFolders|groups|sectionGroups|sections) -> 201, not 200/,
    reason: 'documents 200 in the example and 201 in the text above it',
  },
  { match: /createLink -> 400, not 201: Embed/, reason: 'is about personal drives' },
  {
    match: /PUT \/me\/drive\/items\/\{item-id\}\/content -> 200, not 201/,
    reason: 'documents 201 for content that is replaced',
  },
  {
    match: /select=allowExternalSenders.* -> 403/,
    reason: 'asks for what Exchange keeps of a group, which it does not tell applications',
  },
  { match: /owners\/.*must have at least one owner/, reason: 'takes the only owner of a group' },
  { match: /\/teams -> 400, not 202: Without a signed-in user/, reason: 'is for a signed-in person alone' },
  { match: /\/teams -> 404, not 202: The (user|group)/, reason: 'names somebody or something of another tenant' },
  { match: /POST .*\/groups\/[^/]+\/(conversations|threads) -> 403/, reason: 'is for a signed-in person alone' },
  {
    match: /(members\/\$count|NOT\(groupTypes.*) -> 400, not 200: (\$count|Operator) is not|special request header/,
    reason: 'leaves out the header without which advanced queries are refused',
  },
]

export function knownReason({ example, why }: Verdict): string | undefined {
  const title = `${example.method} ${example.url} -> ${why}`
  return knownExamples.find(({ match }) => match.test(title))?.reason
}
