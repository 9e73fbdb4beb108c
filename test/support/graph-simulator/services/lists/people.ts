import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'
import type { StoredUser } from '../../state/user.ts'
import type { Actor, StoredItem, StoredList } from './stored.ts'

/** The number that SharePoint has for applications; no entry of the list bears it. */
const applicationNumber = 1_073_741_822

/**
 * The User Information List of a collection of sites: persons and groups get a number there when they first come to the
 * site, or are given access. Source: https://learn.microsoft.com/previous-versions/office/sharepoint-server/ee536872(v=office.15)
 */
export class People {
  readonly list: StoredList
  readonly application: Actor = {
    person: applicationNumber,
    displayName: 'SharePoint App',
    email: undefined,
    id: undefined,
  }
  private readonly tenant: TenantState
  private readonly now: () => number

  constructor(list: StoredList, tenant: TenantState, now: () => number) {
    this.list = list
    this.tenant = tenant
    this.now = now
  }

  /** The user's number. */
  enter(reference: string): number {
    const user = this.user(reference)
    const address = user.userPrincipalName
    const account = `i:0#.f|membership|${address.toLowerCase()}`
    return this.number(account) ?? this.add(user.displayName, account, { EMail: address, UserName: address })
  }

  enterGroup(title: string, account: string): number {
    return this.number(account) ?? this.add(title, account, {})
  }

  actor(reference: string): Actor {
    const { id, displayName, userPrincipalName: email } = this.user(reference)
    return { person: this.enter(reference), displayName, email, id }
  }

  /** The number of an account, as SharePoint writes accounts; undefined for one that it does not know. */
  ensure(account: string): number | undefined {
    const address = /^i:0#\.f\|membership\|(.+)$/i.exec(account)?.[1] ?? account
    return this.tenant.findUser(address) === undefined ? this.number(account) : this.enter(address)
  }

  entry(number: number): StoredItem | undefined {
    return this.list.item(number)
  }

  private number(account: string): number | undefined {
    const wanted = account.toLowerCase()
    return this.list.present().find(({ values }) => {
      const name = values.get('Name')
      return typeof name === 'string' && name.toLowerCase() === wanted
    })?.number
  }

  private add(title: string, account: string, more: Readonly<Record<string, string>>): number {
    const now = this.now()
    const values = new Map(Object.entries({ Title: title, Name: account, IsSiteAdmin: false, ...more }))
    return this.list.add({
      guid: guidFrom(`person ${this.list.id} ${account}`),
      version: 1,
      createdAt: now,
      modifiedAt: now,
      createdBy: this.application,
      modifiedBy: this.application,
      contentType: this.list.defaultType,
      folder: '',
      values,
      attachments: new Map(),
      isDeleted: false,
    }).number
  }

  private user(reference: string): StoredUser {
    const user = this.tenant.findUser(reference)
    if (user === undefined) throw new Error(`No user ${reference}`)
    return user
  }
}
