import type { JsonObject } from '../../../../src-main/engine/model/json.ts'

/** A message as a delta page carries it. */
export function graphEntry(changes: JsonObject = {}): JsonObject {
  return {
    '@odata.etag': 'W/"CQAAAA=="',
    id: 'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A',
    createdDateTime: '2024-03-05T08:01:02Z',
    lastModifiedDateTime: '2024-03-05T08:01:09Z',
    changeKey: 'CQAAABYAAAA1',
    categories: [],
    receivedDateTime: '2024-03-05T08:01:03Z',
    sentDateTime: '2024-03-05T08:00:59Z',
    hasAttachments: false,
    internetMessageId: '<one@mail.example>',
    subject: 'Quarterly figures',
    bodyPreview: 'Please find',
    importance: 'normal',
    parentFolderId: 'AQMkADYAAAIBDAAAAA==',
    conversationId: 'AAQkADk=',
    conversationIndex: 'AQHTe7/VAniOJVgCxEmtF1z6ZY1rFQ==',
    isDeliveryReceiptRequested: null,
    isReadReceiptRequested: false,
    isRead: false,
    isDraft: false,
    inferenceClassification: 'focused',
    flag: { flagStatus: 'notFlagged' },
    from: { emailAddress: { name: 'Ada', address: 'ada@contoso.example' } },
    sender: { emailAddress: { name: 'Ada', address: 'ada@contoso.example' } },
    toRecipients: [{ emailAddress: { name: 'Grace', address: 'grace@contoso.example' } }],
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [],
    ...changes,
  }
}
