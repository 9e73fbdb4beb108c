import type { StoredGroup } from './state.ts'
import { propertyNames } from '../../odata/query.ts'

/** Properties that a plain GET returns. https://learn.microsoft.com/graph/api/resources/group */
export const defaultProperties = [
  'id',
  'deletedDateTime',
  'classification',
  'createdDateTime',
  'description',
  'displayName',
  'expirationDateTime',
  'groupTypes',
  'isAssignableToRole',
  'mail',
  'mailEnabled',
  'mailNickname',
  'membershipRule',
  'membershipRuleProcessingState',
  'onPremisesDomainName',
  'onPremisesLastSyncDateTime',
  'onPremisesNetBiosName',
  'onPremisesProvisioningErrors',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'preferredDataLocation',
  'preferredLanguage',
  'proxyAddresses',
  'renewedDateTime',
  'resourceBehaviorOptions',
  'resourceProvisioningOptions',
  'securityEnabled',
  'securityIdentifier',
  'serviceProvisioningErrors',
  'theme',
  'visibility',
] as const

/** Given when they are selected. */
const selectedProperties = [
  'assignedLabels',
  'assignedLicenses',
  'infoCatalogs',
  'isManagementRestricted',
  'licenseProcessingState',
  'onPremisesExtensionAttributes',
  'organizationId',
  'uniqueName',
]

/** Kept by Exchange: given on GET groups/{id} alone, when they are selected, and not to applications. */
export const exchangeProperties: ReadonlySet<string> = new Set([
  'accessType',
  'allowExternalSenders',
  'autoSubscribeNewMembers',
  'hideFromAddressLists',
  'hideFromOutlookClients',
  'isFavorite',
  'isSubscribedByMail',
  'unseenConversationsCount',
  'unseenCount',
  'unseenMessagesCount',
  'welcomeMessageEnabled',
])

export const groupType = 'microsoft.graph.group'

/** By lower case. `hasMembersWithLicenseErrors` and `isArchived` are never given. */
export const groupProperties = propertyNames([...defaultProperties, ...selectedProperties, ...exchangeProperties])

const lists: ReadonlySet<string> = new Set([
  'assignedLabels',
  'assignedLicenses',
  'infoCatalogs',
  'onPremisesProvisioningErrors',
  'resourceBehaviorOptions',
  'serviceProvisioningErrors',
])

/** What a request may write. https://learn.microsoft.com/graph/api/group-update */
export const writableProperties: ReadonlySet<string> = new Set([
  'classification',
  'description',
  'displayName',
  'mailNickname',
  'membershipRule',
  'membershipRuleProcessingState',
  'preferredDataLocation',
  'preferredLanguage',
  'securityEnabled',
  'theme',
  'visibility',
])

/** One property, whether the group has a value for it or not. */
export function groupProperty(group: StoredGroup, name: string): unknown {
  if (name in group.more) return group.more[name]
  switch (name) {
    case 'id':
    case 'displayName':
    case 'mail':
    case 'mailNickname':
    case 'groupTypes':
    case 'resourceProvisioningOptions':
    case 'visibility':
    case 'createdDateTime':
      return group[name]
    case 'renewedDateTime':
      return group.createdDateTime
    case 'mailEnabled':
      return isUnified(group)
    case 'securityEnabled':
      return !isUnified(group)
    case 'proxyAddresses':
      return group.mail === null ? [] : [`SMTP:${group.mail}`]
    case 'securityIdentifier':
      return `S-1-12-1-${String(Number.parseInt(group.id.slice(0, 8), 16))}`
    case 'welcomeMessageEnabled':
      return sendsWelcome(group)
    default:
      return otherDefault(name)
  }
}

function otherDefault(name: string): unknown {
  if (lists.has(name)) return []
  if (name.startsWith('unseen')) return 0
  if (name === 'accessType') return null
  if (name === 'hasMembersWithLicenseErrors') return false
  return exchangeProperties.has(name) ? name === 'isSubscribedByMail' : null
}

export function isUnified(group: StoredGroup): boolean {
  return group.groupTypes.includes('Unified')
}

/** Whether Exchange mails whoever joins. https://learn.microsoft.com/graph/group-set-options */
export function sendsWelcome(group: StoredGroup): boolean {
  const { resourceBehaviorOptions = [], welcomeMessageEnabled = true } = group.more
  const disabled = (resourceBehaviorOptions as readonly string[]).includes('WelcomeEmailDisabled')
  return isUnified(group) && !disabled && welcomeMessageEnabled === true
}
