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
    match: /startswith\(displayName,'a'\).*mailNickname is missing/,
    reason: 'shows a property that is not given without $select',
  },
  { match: /customSecurityAttributes -> 403/, reason: 'takes a role that the application has not' },
  {
    match: /(calendarPermissions|childFolders|sectionGroups|sections) -> 201, not 200/,
    reason: 'documents 200 in the example and 201 in the text above it',
  },
  { match: /createLink -> 400, not 201: Embed/, reason: 'is about personal drives' },
  {
    match: /PUT \/me\/drive\/items\/\{item-id\}\/content -> 200, not 201/,
    reason: 'documents 201 for content that is replaced',
  },
]

export function knownReason({ example, why }: Verdict): string | undefined {
  const title = `${example.method} ${example.url} -> ${why}`
  return knownExamples.find(({ match }) => match.test(title))?.reason
}
