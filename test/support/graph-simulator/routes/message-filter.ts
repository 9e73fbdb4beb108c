import { badRequest } from '../http/errors.ts'
import type { FilterSubject, FilterValue } from '../odata/filter.ts'
import { normalizePropertyId, singleValueOf } from '../state/extended-properties.ts'
import { flagOf, importanceOf, sentAtOf } from '../state/info.ts'
import type { Mailbox } from '../state/mailbox.ts'
import type { StoredMessage } from '../state/stored.ts'
import { folderId } from '../state/ids.ts'

/** A message as `$filter` sees it. Properties the simulator cannot filter by are refused, not ignored. */
export function filterSubject(mailbox: Mailbox, message: StoredMessage): FilterSubject {
  return {
    value: (path) => valueAt(mailbox, message, path),
    hasProperty: (id, value) => {
      const found = singleValueOf(message, normalizePropertyId(id))
      return found !== undefined && (value === undefined || found === value)
    },
  }
}

function valueAt(mailbox: Mailbox, message: StoredMessage, path: string): FilterValue {
  const { summary } = message
  switch (path) {
    case 'internetmessageid':
      return summary.internetMessageId
    case 'subject':
      return summary.subject ?? null
    case 'isread':
      return message.isRead
    case 'isdraft':
      return message.isDraft
    case 'hasattachments':
      return summary.hasAttachments
    case 'importance':
      return importanceOf(message)
    case 'flag/flagstatus':
      return flagOf(message).flagStatus
    case 'receiveddatetime':
      return message.receivedAt * 1000
    case 'sentdatetime':
      return sentAtOf(message) * 1000
    case 'createddatetime':
      return message.createdAt * 1000
    case 'lastmodifieddatetime':
      return message.modifiedAt * 1000
    case 'from/emailaddress/address':
      return summary.from?.address ?? null
    case 'parentfolderid':
      return folderId(mailbox.key, message.folder.number)
    default:
      throw badRequest(`The property path '${path}' cannot be used in a filter.`, 'ErrorInvalidUrlQueryFilter')
  }
}
