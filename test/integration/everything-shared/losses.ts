/** Words of the restore for what it leaves out, each with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  'conversations-are-not-restorable': 'Exchange would mail each post to everybody who follows the group',
  'channel-event-not-restored': 'Teams writes such lines itself',
  'team-tags-not-restored': 'Teams tells people that they are in one',
  'channel-of-other-team': 'it comes back with the team that shares it',
  'list-folder-not-restored': 'Graph makes no folders in lists',
  'site-settings-not-restored': 'Graph changes neither name nor description of a site',
  'site-schema-not-restored': 'lists come back with the columns and content types that they use',
}

/** Words of the restore for what comes back in another form, or without something, each with the reason. */
export const changedOnTheWay: Readonly<Record<string, string>> = {
  'attendees-kept-as-text': 'Exchange would mail an invitation to each of them',
  'owner-role-lost': 'Graph makes nobody the owner of a file',
  'conversation-not-restored': 'comments of a task are in the mailbox of the group that it came from',
  'completion-date-new': 'Planner sets the date itself',
  'mentions-as-text': 'Teams would notify whoever is mentioned',
  'reactions-lost': 'Graph imports none',
  'file-links-to-source': 'a message has an address; the file comes back with the files of the group',
  'card-as-text': 'Graph imports no cards',
  'quote-as-text': 'Graph imports no quotes',
  'deleted-message-left-out': 'nothing is left of it',
  'answer-without-first': 'there is no first message to answer',
  'picture-left-out': 'larger than Teams imports, or of another kind',
  'field-refused': 'Graph takes no values of links, places and pictures in lists',
  'list-item-out-of-folder': 'Graph makes no folders in lists',
  'list-column-not-restored': 'terms belong to the sets of a tenant',
  'list-authors-lost': 'Graph sets neither authors nor dates of list items',
  'page-restored-as-draft': 'whoever follows the news would be told of it',
  'page-parts-point-to-source': 'web parts name lists and files in ways of their own',
}
