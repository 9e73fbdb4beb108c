import { z } from 'zod'
import { host } from './method.ts'
import { accountName, line, nothing, rootKind, secret } from './shapes.ts'

const clouds = ['global', 'us-government', 'us-dod', 'china'] as const

export const account = z.strictObject({
  name: accountName,
  kind: z.enum(['person', 'application']),
  /** Of a person: what they sign in as. */
  username: z.string().nullable(),
  tenantId: z.string(),
  clientId: z.string(),
  /** `sign-in-needed`: the last use was refused. */
  state: z.enum(['good', 'sign-in-needed']),
  /** Plans and destinations that use it, by name. */
  usedBy: z.array(z.string()),
})
export type AccountRow = z.infer<typeof account>

const registration = {
  name: accountName,
  clientId: line,
  /** A domain or id; for people also "organizations" or "common". */
  tenantId: line,
  cloud: z.enum(clouds),
}

const permissionRow = z.strictObject({
  permission: z.string(),
  /** Data types that need it, by what people call them. */
  types: z.array(z.string()),
  granted: z.boolean(),
  /** Only to restore. */
  restore: z.boolean(),
})

export const accountMethods = {
  'accounts.list': host(nothing, z.array(account)),
  /** Opens a window of the program, the browser, or tells a code (topic deviceCode). Resolves when it is done. */
  'accounts.signIn': host(
    z.strictObject({ ...registration, how: z.enum(['window', 'browser', 'device-code']) }),
    account,
  ),
  'accounts.cancelSignIn': host(nothing, nothing),
  /** With a certificate made here, `certificate` is the file to upload to the app registration. */
  'accounts.signInApplication': host(
    z.strictObject({
      ...registration,
      credential: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('secret'), secret }),
        z.strictObject({ kind: z.literal('certificate'), file: z.string(), password: secret.nullable() }),
        z.strictObject({ kind: z.literal('create-certificate') }),
      ]),
    }),
    z.strictObject({ account, certificate: z.string().nullable() }),
  ),
  'accounts.signOut': host(z.strictObject({ name: accountName }), nothing),
  /** What data types of some kinds of roots need, and what of it the sign-in has. */
  'accounts.permissions': host(
    z.strictObject({ name: accountName, kinds: z.array(rootKind), types: z.array(z.string()).nullable() }),
    z.strictObject({ rows: z.array(permissionRow), missing: z.number().int() }),
  ),
} as const
