/**
 * What Graph knows of a user, by where it is kept and how it can be asked for. A request that selects one property it may
 * not see is refused as a whole, so those that take further permissions are asked for alone.
 * https://learn.microsoft.com/graph/api/resources/user
 */

/** What is kept in the directory. */
export const directoryProperties = [
  'accountEnabled',
  'ageGroup',
  'assignedLicenses',
  'assignedPlans',
  'authorizationInfo',
  'businessPhones',
  'city',
  'companyName',
  'consentProvidedForMinor',
  'country',
  'createdDateTime',
  'creationType',
  'deletedDateTime',
  'department',
  'displayName',
  'employeeHireDate',
  'employeeId',
  'employeeOrgData',
  'employeeType',
  'externalUserState',
  'externalUserStateChangeDateTime',
  'faxNumber',
  'givenName',
  'id',
  'identities',
  'imAddresses',
  'isManagementRestricted',
  'isResourceAccount',
  'jobTitle',
  'lastPasswordChangeDateTime',
  'legalAgeGroupClassification',
  'licenseAssignmentStates',
  'mail',
  'mailNickname',
  'mobilePhone',
  'officeLocation',
  'onPremisesDistinguishedName',
  'onPremisesDomainName',
  'onPremisesExtensionAttributes',
  'onPremisesImmutableId',
  'onPremisesLastSyncDateTime',
  'onPremisesProvisioningErrors',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'onPremisesUserPrincipalName',
  'otherMails',
  'passwordPolicies',
  'postalCode',
  'preferredDataLocation',
  'preferredLanguage',
  'provisionedPlans',
  'proxyAddresses',
  'securityIdentifier',
  'serviceProvisioningErrors',
  'showInAddressList',
  'signInSessionsValidFromDateTime',
  'state',
  'streetAddress',
  'surname',
  'usageLocation',
  'userPrincipalName',
  'userType',
] as const

/** What is kept in SharePoint. */
export const sharePointProperties = [
  'aboutMe',
  'birthday',
  'hireDate',
  'interests',
  'mySite',
  'pastProjects',
  'responsibilities',
  'schools',
  'skills',
] as const

/**
 * Those that take a permission of their own, or that Graph gives only for some tenants. Not here: `passwordProfile`
 * (a secret), `mailboxSettings` (a data type of its own), `print` (a service's entry point).
 */
export const singleProperties = [
  'preferredName',
  'identityParentId',
  'employeeLeaveDateTime',
  'customSecurityAttributes',
  'signInActivity',
  'deviceEnrollmentLimit',
] as const

/** They change by themselves, without anybody editing the profile: a new value alone is no new version of it. */
export const volatileProperties: ReadonlySet<string> = new Set([
  'signInActivity',
  'onPremisesLastSyncDateTime',
  'onPremisesProvisioningErrors',
  'serviceProvisioningErrors',
])

/** What a restore sends: nothing of the account's state. Each is one that an application may write. */
export const editableProperties = [
  'displayName',
  'givenName',
  'surname',
  'jobTitle',
  'companyName',
  'department',
  'employeeId',
  'employeeType',
  'employeeOrgData',
  'officeLocation',
  'businessPhones',
  'mobilePhone',
  'faxNumber',
  'otherMails',
  'streetAddress',
  'city',
  'state',
  'postalCode',
  'country',
  'preferredLanguage',
  'onPremisesExtensionAttributes',
] as const

/** Those that have to be sent in requests of their own, and mostly for a signed-in person only. */
export const editableAlone = [
  'employeeHireDate',
  'aboutMe',
  'birthday',
  'interests',
  'mySite',
  'pastProjects',
  'responsibilities',
  'schools',
  'skills',
] as const
