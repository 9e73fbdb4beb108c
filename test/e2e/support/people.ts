import { mail } from '../../integration/mail/mailbox-fixture.ts'
import type { InlineUser } from '../../support/graph-simulator/index.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'

/** Two people with some mails each. */
export const people: readonly InlineUser[] = [ada, grace].map((userPrincipalName) => ({
  userPrincipalName,
  displayName: userPrincipalName === ada ? 'Ada Lovelace' : 'Grace Hopper',
  messages: Array.from({ length: 12 }, (_, index) => ({
    folder: 'inbox',
    mime: mail(`Message ${String(index + 1)} of ${userPrincipalName}`),
    receivedDateTime: `2024-03-${String(index + 1).padStart(2, '0')}T08:01:00Z`,
  })),
}))
