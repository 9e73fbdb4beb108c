import type { SentencesOf } from './sentence.ts'

export const graphSentences: SentencesOf<'graph'> = {
  'graph.unreachable': [
    'Microsoft Graph at {service} cannot be reached: check the connection and --office365-graph-base-url, then run the command again.',
    'Microsoft Graph cannot be reached: check the connection, then run the command again.',
  ],
  'graph.throttled': 'Microsoft Graph asks to send less for now: run the command again in some minutes.',
  'graph.forbidden':
    "Microsoft Graph denies access: grant the application the permissions User.Read.All and Mail.ReadWrite with an administrator's consent, then try again.",
  'graph.not-found': 'What was asked for is not there in Microsoft 365 (any more): check the name or id.',
  'graph.no-mailbox': 'That user has no mailbox: choose a user with one, or assign a licence.',
  'graph.no-drive': 'That user has no OneDrive: choose a user with one, or assign a licence.',
  'graph.cursor-lost': 'Microsoft Graph has forgotten where the last run ended: run the command again, it lists anew.',
  'graph.item-infected':
    'Microsoft 365 found malware in a file and does not hand it out: clean or delete it there, or leave it out with --exclude.',
  'graph.item-unreadable': 'Microsoft Graph cannot read an item: it is tried again in the next run.',
  'graph.request-refused': [
    'Microsoft Graph refused a request ({graphCode}): run the command again with --verbose and report what it prints.',
    'Microsoft Graph refused a request: run the command again with --verbose and report what it prints.',
  ],
  'graph.conflict': 'Somebody else changed the same thing in Microsoft 365 at the same time: run the command again.',
  'graph.service-failed': 'Microsoft Graph has a fault at the moment: run the command again later.',
  'graph.stalled': 'Microsoft Graph stopped answering: run the command again later.',
  'graph.not-for-app-only':
    'Microsoft Graph gives this kind of data to no application on its own: sign in as the user to back it up.',
  'graph.drive-full':
    'The drive is full: make room in it and run the same command again, what was restored until then stays.',
  'graph.upload-damaged': 'A file arrived damaged in Microsoft 365: run the command again.',
  'graph.no-planner': 'That user has no Planner: choose a user with it, or assign a licence.',
  'graph.no-team': 'That group has no team: choose a group with one, or add a team to it in Microsoft Teams.',
  'graph.no-conversations': 'That group has no conversations: choose another group.',
  'graph.no-site': 'There is no such site: check its address.',
  'graph.locked': 'It is locked: ask the administrator of SharePoint to unlock it, then run the command again.',
  'graph.root-gone': 'It was deleted in Microsoft 365: choose something else.',
}
