/** Where in Microsoft 365 a repository is: how its drive is found, and the folder in it, name by name. */
export type DrivePlace = OneDrivePlace | GroupPlace | SharePointPlace

export interface OneDrivePlace {
  readonly kind: 'onedrive'
  /** Any drive that the account may use. Default: the drive of `user`, or else the signed-in person's own. */
  readonly driveId?: string
  /** Id or userPrincipalName: an application has no drive of its own. */
  readonly user?: string
  readonly folder: readonly string[]
}

/** One of the two is enough; both have to lead to the same group. */
export interface GroupPlace {
  readonly kind: 'group'
  readonly groupId?: string
  readonly groupEmail?: string
  readonly folder: readonly string[]
}

export interface SharePointPlace {
  readonly kind: 'sharepoint'
  readonly host: string
  /** The site's path, the library and the folder, one behind the other: only SharePoint knows where each ends. */
  readonly path: readonly string[]
  readonly siteId?: string
  readonly driveId?: string
}

/** A drive that was found, and the folder in it. */
export interface FoundDrive {
  /** Graph id. */
  readonly drive: string
  readonly folder: readonly string[]
  readonly quota: DriveQuota | undefined
}

/** Bytes. https://learn.microsoft.com/graph/api/resources/quota */
export interface DriveQuota {
  readonly used: number
  readonly total: number
  readonly remaining: number
}
