import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber, RootKind } from '../../engine/ports/data-type.ts'
import { chatsDescriber } from '../../graph/chats/reader.ts'
import { conversationsDescriber } from '../../graph/conversations/reader.ts'
import { threadTranscript } from '../../graph/conversations/transcript.ts'
import { text } from '../../graph/item/fields.ts'
import { propertiesOf } from '../../graph/item/metadata.ts'
import { chatTranscript } from '../../graph/messages/transcript.ts'
import { teamsDescriber } from '../../graph/teams/reader.ts'

/** An item as it is stored, and where its parts lie, seen from the page, by their names. */
export interface TranscriptItem {
  readonly metadata: JsonObject
  readonly parts: ReadonlyMap<string, string>
}

/** A data type of which people get readable pages. */
export interface TranscriptType {
  readonly kind: RootKind
  readonly describer: ItemDescriber
  readonly page:
    | {
        /** One page for all that a container holds. */
        readonly of: 'container'
        readonly isPage: (container: JsonObject) => boolean
        /** `isWhole`: no item is missing. */
        readonly make: (container: JsonObject, items: readonly TranscriptItem[], isWhole: boolean) => string
      }
    | { readonly of: 'item'; readonly make: (item: TranscriptItem) => string }
}

export const transcriptTypes: readonly TranscriptType[] = [
  { kind: 'user', describer: chatsDescriber, page: { of: 'container', isPage: () => true, make: chatTranscript } },
  {
    kind: 'group',
    describer: teamsDescriber,
    // Beside its channels a team has a folder of settings and apps.
    page: {
      of: 'container',
      isPage: (container) => text(propertiesOf(container), 'membershipType') !== undefined,
      make: chatTranscript,
    },
  },
  {
    kind: 'group',
    describer: conversationsDescriber,
    page: { of: 'item', make: ({ metadata, parts }) => threadTranscript(metadata, parts) },
  },
]
