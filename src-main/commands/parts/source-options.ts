import type { RootKind } from '../../engine/ports/data-type.ts'
import { groupTypes, userTypes } from './included-types.ts'
import type { OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

export interface CertificateOptions {
  readonly path: string
  readonly password?: string
}

/** How to sign in to a tenant: with an account of this machine, or as the application that the options name. */
export type SourceOptions = AccountOptions | ApplicationOptions

/** It knows its tenant and where that answers. */
interface AccountOptions {
  readonly account: string
  /** With "{host}" for the host of a site. */
  readonly sharePointBaseUrl?: string
}

export interface ApplicationOptions {
  /** An id or a domain, as it was typed, in lower case. */
  readonly tenantId: string
  readonly clientId: string
  readonly credential: { readonly secret: string } | { readonly certificate: CertificateOptions }
  /** Key of graph/client/clouds.ts. */
  readonly cloud: string
  /** Where they differ from the cloud's. */
  readonly graphBaseUrl?: string
  readonly loginBaseUrl?: string
  /** With "{host}" for the host of a site. */
  readonly sharePointBaseUrl?: string
  readonly scope?: string
}

const ACCOUNT = 'account'
const TENANT = 'office365-tenant-id'
const CLIENT = 'office365-client-id'
const SECRET = 'office365-client-secret'
const CERTIFICATE = 'office365-certificate-path'
const PASSWORD = 'office365-certificate-password'
const CLOUD = 'office365-cloud'
const GRAPH = 'office365-graph-base-url'
const LOGIN = 'office365-login-base-url'
const SHAREPOINT = 'office365-sharepoint-base-url'
const SCOPE = 'office365-scope'

/** Options that a restore path may carry behind its question mark. */
export const sourceOptionNames = [
  ACCOUNT,
  TENANT,
  CLIENT,
  SECRET,
  CERTIFICATE,
  PASSWORD,
  CLOUD,
  GRAPH,
  LOGIN,
  SHAREPOINT,
  SCOPE,
] as const

/** Options that must not show in a list of processes. */
export const secretOptionNames = [SECRET, PASSWORD] as const

/** What an account brings itself. */
const ofApplication = [TENANT, CLIENT, SECRET, CERTIFICATE, PASSWORD, CLOUD, GRAPH, LOGIN, SCOPE] as const

/**
 * What the command line says goes before what the environment says, where an account and an application are named.
 * Throws UsageError when something is missing or does not fit together.
 */
export function readSourceOptions(values: OptionValues): SourceOptions {
  const sharePointBaseUrl = values.text(SHAREPOINT)
  const sharePoint = sharePointBaseUrl === undefined ? {} : { sharePointBaseUrl }
  const account = readAccount(values)
  return account === undefined ? { ...readApplication(values), ...sharePoint } : { account, ...sharePoint }
}

function readAccount(values: OptionValues): string | undefined {
  const account = values.text(ACCOUNT)
  const typed = ofApplication.find((name) => values.isFromCommandLine(name))
  if (account === undefined || typed === undefined) return account
  if (values.isFromCommandLine(ACCOUNT))
    throw new UsageError(`The account signs in by itself: leave out --${typed}, or --${ACCOUNT}.`)
  return undefined
}

/** The values that speak of another tenant instead: what they name of an account or application is all that counts. */
export function withSource(
  values: OptionValues,
  given: ReadonlyMap<string, string | boolean | readonly string[]>,
): OptionValues {
  if (given.has(ACCOUNT)) return values.without(ofApplication.filter((name) => !given.has(name))).with(given)
  return ofApplication.some((name) => given.has(name)) ? values.without([ACCOUNT]).with(given) : values.with(given)
}

/** Whether the options name an application. */
export function namesApplication(values: OptionValues): boolean {
  return values.has(CLIENT)
}

function readApplication(values: OptionValues): ApplicationOptions {
  const graphBaseUrl = values.text(GRAPH)
  const loginBaseUrl = values.text(LOGIN)
  const scope = values.text(SCOPE)
  return {
    tenantId: required(values, TENANT, 'tenant').toLowerCase(),
    clientId: required(values, CLIENT, 'application'),
    credential: readCredential(values),
    cloud: values.text(CLOUD) ?? 'global',
    ...(graphBaseUrl === undefined ? {} : { graphBaseUrl }),
    ...(loginBaseUrl === undefined ? {} : { loginBaseUrl }),
    ...(scope === undefined ? {} : { scope }),
  }
}

function required(values: OptionValues, name: string, what: string): string {
  const value = values.text(name)
  if (value === undefined || value === '')
    throw new UsageError(`The ${what} is missing: give --${name}, or --${ACCOUNT} with an account that is signed in.`)
  return value
}

function readCredential(values: OptionValues): ApplicationOptions['credential'] {
  const secret = values.text(SECRET)
  const path = values.text(CERTIFICATE)
  const password = values.text(PASSWORD)
  if (secret !== undefined && path !== undefined)
    throw new UsageError(
      `There is a client secret and a certificate: give only one of --${SECRET} and --${CERTIFICATE}.`,
    )
  if (path !== undefined) return { certificate: { path, ...(password === undefined ? {} : { password }) } }
  if (secret !== undefined && secret !== '') return { secret }
  throw new UsageError(
    `There is nothing to sign in with: set HOLDFAST_OFFICE365_CLIENT_SECRET, give a certificate with --${CERTIFICATE}, or an account with --${ACCOUNT}.`,
  )
}

/** Names for --office365-included-root-types, and the kinds of roots that they mean. */
const ROOT_TYPES: Readonly<Record<string, RootKind>> = { Users: 'user', Groups: 'group', Sites: 'site' }

export interface IncludedTypes {
  readonly kinds: readonly RootKind[]
  /** By the words of the options; what of a kind has no word is always read. */
  readonly types: Readonly<Record<'user' | 'group', readonly string[]>>
  /** They were asked for by name. */
  readonly named: boolean
}

const INCLUDED = [
  'office365-included-root-types',
  'office365-included-user-types',
  'office365-included-group-types',
] as const

/** The kinds of roots and the types to read, as SPEC names them. Throws UsageError. */
export function readIncludedTypes(values: OptionValues): IncludedTypes {
  const [roots, users, groups] = INCLUDED
  return {
    kinds: readTypes(values, roots, Object.keys(ROOT_TYPES)).flatMap((name) => ROOT_TYPES[name] ?? []),
    types: { user: readTypes(values, users, userTypes), group: readTypes(values, groups, groupTypes) },
    named: INCLUDED.some((option) => values.has(option)),
  }
}

function readTypes(values: OptionValues, option: string, available: readonly string[]): readonly string[] {
  const asked = values.text(option)
  if (asked === undefined) return available
  const words = asked
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const types = words.map((word) => {
    const type = available.find((name) => name.toLowerCase() === word.toLowerCase())
    if (type !== undefined) return type
    throw new UsageError(`--${option}: "${word}" is no such type; there is ${available.join(', ')}.`)
  })
  if (types.length === 0) throw new UsageError(`--${option} is empty; there is ${available.join(', ')}.`)
  return [...new Set(types)]
}
