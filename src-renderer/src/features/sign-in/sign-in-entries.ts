import type { AccountRow, ParamsOf } from '../../../../src-shared/ipc/index.ts'
import { texts } from '../../lib/texts/index.ts'

type Person = ParamsOf<'accounts.signIn'>
type Application = ParamsOf<'accounts.signInApplication'>
export type Cloud = Person['cloud']
export type How = Person['how']
export type CredentialKind = Application['credential']['kind']

/** What was entered. Secrets live here and nowhere else, as long as the form shows. */
export interface Entries {
  kind: AccountRow['kind']
  name: string
  clientId: string
  tenantId: string
  cloud: Cloud
  how: How
  credential: CredentialKind
  secret: string
  file: string
  password: string
}

export type EntryProblems = Partial<Record<'name' | 'clientId' | 'tenantId' | 'secret' | 'file', string>>

const words = texts.signIn
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function firstEntries(account: AccountRow | undefined, clientId: string): Entries {
  return {
    kind: account?.kind ?? 'person',
    name: account?.name ?? '',
    clientId: account?.clientId ?? clientId,
    tenantId: account?.tenantId ?? '',
    cloud: 'global',
    how: 'window',
    credential: 'secret',
    secret: '',
    file: '',
    password: '',
  }
}

/** What is wrong, by field. */
export function problemsOf(entries: Entries, taken: readonly string[]): EntryProblems {
  const { kind, clientId, tenantId, credential, secret, file } = entries
  const problems: EntryProblems = {}
  if (clientId.trim() === '') problems.clientId = words.clientIdMissing
  else if (!uuid.test(clientId.trim())) problems.clientId = words.clientIdWrong
  if (kind === 'application' && tenantId.trim() === '') problems.tenantId = words.tenantMissing
  if (kind === 'application' && credential === 'secret' && secret === '') problems.secret = words.secretMissing
  if (kind === 'application' && credential === 'certificate' && file === '') problems.file = words.certificateMissing
  if (taken.includes(entries.name.trim())) problems.name = words.nameTaken(entries.name.trim())
  return problems
}

/** The name that was entered, or one that is free. */
function accountName({ name, kind, tenantId }: Entries, taken: readonly string[]): string {
  if (name.trim() !== '') return name.trim()
  const tenant = tenantId.trim()
  const base = kind === 'person' ? words.personal : (tenant.split('.')[0] ?? '').slice(0, 40) || words.fallbackName
  const free = [base, ...Array.from({ length: taken.length + 1 }, (_none, index) => `${base}-${index + 2}`)]
  return free.find((candidate) => !taken.includes(candidate)) ?? base
}

function registration(entries: Entries, taken: readonly string[]): Omit<Person, 'how'> {
  const tenantId = entries.tenantId.trim()
  return {
    name: accountName(entries, taken),
    clientId: entries.clientId.trim(),
    tenantId: tenantId === '' ? words.anyTenant : tenantId,
    cloud: entries.cloud,
  }
}

export function personOf(entries: Entries, taken: readonly string[]): Person {
  return { ...registration(entries, taken), how: entries.how }
}

export function applicationOf(entries: Entries, taken: readonly string[]): Application {
  const { credential, secret, file, password } = entries
  const base = registration(entries, taken)
  if (credential === 'secret') return { ...base, credential: { kind: 'secret', secret } }
  if (credential === 'create-certificate') return { ...base, credential: { kind: 'create-certificate' } }
  return { ...base, credential: { kind: 'certificate', file, password: password === '' ? null : password } }
}
