export interface ChatEvent {
  /** Who did it; empty if unknown. */
  readonly who: string
  /** Whom it is about; empty if nobody. */
  readonly members: string
  /** A name that was given; may be empty. */
  readonly what: string
}

/** Lines that Teams writes into a chat, by the kind of event as Graph calls it, without its ending. */
const sentences: Readonly<Record<string, (event: ChatEvent) => string>> = {
  membersAdded: ({ who, members }) => `${who} added ${members}`,
  membersDeleted: ({ who, members }) => `${who} removed ${members}`,
  membersJoined: ({ members }) => `${members} joined`,
  membersLeft: ({ members }) => `${members} left`,
  chatRenamed: ({ who, what }) => `${who} renamed the chat to "${what}"`,
  messagePinned: ({ who }) => `${who} pinned a message`,
  messageUnpinned: ({ who }) => `${who} unpinned a message`,
  callStarted: ({ who }) => `${who} started a call`,
  callEnded: () => 'the call ended',
  callRecording: ({ what }) => `the call was recorded: ${what}`,
  callTranscript: () => 'the call was transcribed',
  teamsAppInstalled: ({ who, what }) => `${who} added the app ${what}`,
  teamsAppRemoved: ({ who, what }) => `${who} removed the app ${what}`,
  teamsAppUpgraded: ({ who, what }) => `${who} updated the app ${what}`,
  tabUpdated: ({ who }) => `${who} changed a tab`,
  conversationMemberRoleUpdated: ({ who }) => `${who} changed the role of a member`,
  meetingPolicyUpdated: ({ who }) => `${who} changed who may chat`,
  channelAdded: ({ who, what }) => `${who} added the channel ${what}`,
  channelDeleted: ({ who, what }) => `${who} deleted the channel ${what}`,
  channelRenamed: ({ who, what }) => `${who} renamed the channel to "${what}"`,
  channelDescriptionUpdated: ({ who }) => `${who} changed the description of the channel`,
  channelSetAsFavoriteByDefault: ({ who }) => `${who} made everybody see the channel`,
  channelUnsetAsFavoriteByDefault: ({ who }) => `${who} made the channel one that people choose to see`,
  teamCreated: ({ who, what }) => `${who} created the team ${what}`,
  teamRenamed: ({ who, what }) => `${who} renamed the team to "${what}"`,
  teamDescriptionUpdated: ({ who }) => `${who} changed the description of the team`,
  teamArchived: ({ who }) => `${who} archived the team`,
  teamUnarchived: ({ who }) => `${who} made the team active again`,
  teamJoiningEnabled: ({ who }) => `${who} let people join the team`,
  teamJoiningDisabled: ({ who }) => `${who} closed the team to people who want to join`,
}

/** In plain words; an event that is not known here by Graph's name for it. */
export function chatEventSentence(kind: string, event: ChatEvent): string {
  const who = event.who === '' ? 'Somebody' : event.who
  const members = event.members === '' ? 'somebody' : event.members
  const known = Object.hasOwn(sentences, kind) ? sentences[kind] : undefined
  const words = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  return known?.({ ...event, who, members }) ?? `Teams: ${words === '' ? 'event' : words}`
}

/** The words of a transcript. */
export const transcriptWords = {
  chat: 'Chat',
  with: 'With',
  kind: {
    oneOnOne: 'one to one',
    group: 'group chat',
    meeting: 'meeting chat',
    standard: 'channel',
    private: 'private channel',
    shared: 'shared channel',
  } as Readonly<Record<string, string>>,
  messages: 'messages',
  deleted: 'This message was deleted.',
  blocked: 'This message was blocked by a rule of the organization.',
  edited: 'edited',
  important: 'important',
  urgent: 'urgent',
  pinned: 'pinned',
  picture: 'picture',
  card: 'card',
  file: 'file',
  empty: 'There are no messages.',
  damaged: 'Something of this chat is damaged in the backup, and missing here.',
  utc: 'Times are UTC.',
  conversation: 'Conversation',
  to: 'To',
  locked: 'Nobody can write to it any more.',
  attachmentsMissing: 'Attachments of this conversation are not in the backup.',
}
