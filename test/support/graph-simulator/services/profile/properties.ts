import { propertyNames } from '../../odata/query.ts'

export const userType = 'microsoft.graph.user'

/** Properties a plain GET returns. Source: https://learn.microsoft.com/graph/api/user-get */
export const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
] as const

const listProperties = [
  'businessPhones',
  'assignedLicenses',
  'assignedPlans',
  'identities',
  'imAddresses',
  'licenseAssignmentStates',
  'onPremisesProvisioningErrors',
  'otherMails',
  'provisionedPlans',
  'proxyAddresses',
  'serviceProvisioningErrors',
] as const

/** Kept in SharePoint, not in the directory. Source: https://learn.microsoft.com/graph/api/user-update */
const sharePointLists = ['interests', 'pastProjects', 'responsibilities', 'schools', 'skills'] as const
const sharePointTexts = ['aboutMe', 'birthday', 'hireDate', 'mySite', 'preferredName'] as const
export const sharePointProperties: ReadonlySet<string> = new Set([...sharePointLists, ...sharePointTexts])
export const lists: ReadonlySet<string> = new Set([...listProperties, ...sharePointLists])

/** Writable by an application with User.ReadWrite.All. */
export const editableProperties: ReadonlySet<string> = new Set([
  'ageGroup',
  'businessPhones',
  'city',
  'companyName',
  'consentProvidedForMinor',
  'country',
  'department',
  'displayName',
  'employeeId',
  'employeeOrgData',
  'employeeType',
  'faxNumber',
  'givenName',
  'jobTitle',
  'mobilePhone',
  'officeLocation',
  'onPremisesExtensionAttributes',
  'otherMails',
  'postalCode',
  'preferredLanguage',
  'state',
  'streetAddress',
  'surname',
  'usageLocation',
])

/** Graph would take these as well; no restore may send them. */
export const accountProperties: ReadonlySet<string> = new Set([
  'accountEnabled',
  'identities',
  'mail',
  'mailNickname',
  'onPremisesImmutableId',
  'passwordPolicies',
  'passwordProfile',
  'preferredDataLocation',
  'showInAddressList',
  'userPrincipalName',
  'userType',
])

/** Not for applications without further permissions. */
export const notForApplications: ReadonlySet<string> = new Set(['employeeHireDate', ...sharePointProperties])

/** Roles that reading a property takes beside those of reading users. */
export const restrictedProperties: Readonly<Record<string, readonly string[]>> = {
  employeeLeaveDateTime: ['User-LifeCycleInfo.Read.All', 'User-LifeCycleInfo.ReadWrite.All'],
  customSecurityAttributes: ['CustomSecAttributeAssignment.Read.All', 'CustomSecAttributeAssignment.ReadWrite.All'],
  signInActivity: ['AuditLog.Read.All'],
  deviceEnrollmentLimit: ['DeviceManagementServiceConfig.Read.All', 'DeviceManagementServiceConfig.ReadWrite.All'],
}

const furtherProperties = [
  'accountEnabled',
  'ageGroup',
  'authorizationInfo',
  'city',
  'companyName',
  'consentProvidedForMinor',
  'country',
  'createdDateTime',
  'creationType',
  'deletedDateTime',
  'department',
  'employeeHireDate',
  'employeeId',
  'employeeOrgData',
  'employeeType',
  'externalUserState',
  'externalUserStateChangeDateTime',
  'faxNumber',
  'identityParentId',
  'isManagementRestricted',
  'isResourceAccount',
  'lastPasswordChangeDateTime',
  'legalAgeGroupClassification',
  'mailNickname',
  'onPremisesDistinguishedName',
  'onPremisesDomainName',
  'onPremisesExtensionAttributes',
  'onPremisesImmutableId',
  'onPremisesLastSyncDateTime',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'onPremisesUserPrincipalName',
  'passwordPolicies',
  'passwordProfile',
  'postalCode',
  'preferredDataLocation',
  'securityIdentifier',
  'showInAddressList',
  'signInSessionsValidFromDateTime',
  'state',
  'streetAddress',
  'usageLocation',
  'userType',
] as const

export const userProperties = propertyNames([
  ...defaultProperties,
  ...listProperties,
  ...furtherProperties,
  ...sharePointProperties,
  ...Object.keys(restrictedProperties),
])
