import type { OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

export interface CertificateOptions {
  readonly path: string
  readonly password?: string
}

/** How to sign in to a tenant, and where it answers. */
export interface SourceOptions {
  /** Lower case: it names the series of snapshots. */
  readonly tenantId: string
  readonly clientId: string
  readonly credential: { readonly secret: string } | { readonly certificate: CertificateOptions }
  /** Key of graph/client/clouds.ts. */
  readonly cloud: string
  /** Where they differ from the cloud's. */
  readonly graphBaseUrl?: string
  readonly loginBaseUrl?: string
  readonly scope?: string
}

const TENANT = 'office365-tenant-id'
const CLIENT = 'office365-client-id'
const SECRET = 'office365-client-secret'
const CERTIFICATE = 'office365-certificate-path'
const PASSWORD = 'office365-certificate-password'
const CLOUD = 'office365-cloud'
const GRAPH = 'office365-graph-base-url'
const LOGIN = 'office365-login-base-url'
const SCOPE = 'office365-scope'

/** Options that a restore path may carry behind its question mark. */
export const sourceOptionNames = [TENANT, CLIENT, SECRET, CERTIFICATE, PASSWORD, CLOUD, GRAPH, LOGIN, SCOPE] as const

/** Options that must not show in a list of processes. */
export const secretOptionNames = [SECRET, PASSWORD] as const

/** Throws UsageError when something is missing or does not fit together. */
export function readSourceOptions(values: OptionValues): SourceOptions {
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
  if (value === undefined || value === '') throw new UsageError(`The ${what} is missing: give --${name}.`)
  return value
}

function readCredential(values: OptionValues): SourceOptions['credential'] {
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
    `There is nothing to sign in with: set HOLDFAST_OFFICE365_CLIENT_SECRET, or give a certificate with --${CERTIFICATE}.`,
  )
}

const ROOT_TYPES = { available: ['Users'], known: ['Users', 'Groups', 'Sites'] }
const USER_TYPES = {
  available: ['Profile', 'Mailbox', 'Calendar', 'Contacts', 'Files', 'Planner', 'Chats', 'Tasks', 'Notes'],
  known: [],
}

/** The user types to read, as SPEC names them. Throws UsageError for what this version does not read. */
export function readIncludedTypes(values: OptionValues): readonly string[] {
  readTypes(values, 'office365-included-root-types', ROOT_TYPES)
  return readTypes(values, 'office365-included-user-types', USER_TYPES)
}

function readTypes(
  values: OptionValues,
  option: string,
  { available, known }: { readonly available: readonly string[]; readonly known: readonly string[] },
): readonly string[] {
  const asked = values.text(option)
  if (asked === undefined) return available
  const words = asked
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const named = (list: readonly string[], word: string): string | undefined =>
    list.find((name) => name.toLowerCase() === word.toLowerCase())
  const types = words.map((word) => {
    const type = named(available, word)
    if (type !== undefined) return type
    const why = named(known, word) === undefined ? 'is no such type' : 'is not available yet'
    throw new UsageError(`--${option}: "${word}" ${why}; there is ${available.join(', ')}.`)
  })
  if (types.length === 0) throw new UsageError(`--${option} is empty; there is ${available.join(', ')}.`)
  return [...new Set(types)]
}
