import { z } from 'zod'
import { shell } from './method.ts'
import { count, line, moment, nothing, place } from './shapes.ts'

export const notificationKinds = ['problems', 'sign-in', 'nothing-backed-up', 'check-failed', 'mass-change'] as const

/** What the desktop does; of the profile, never a secret. Rates in bytes a second, 0 for no limit. */
export const preferences = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  startAtLogin: z.boolean(),
  startHidden: z.boolean(),
  closeToTray: z.boolean(),
  waitOnBattery: z.boolean(),
  waitOnMetered: z.boolean(),
  notifications: z.record(z.enum(notificationKinds), z.boolean()),
  /** Days without a good run before it is told. */
  nothingForDays: z.number().int().min(1).max(365),
  limitUpload: count,
  limitDownload: count,
  checkForUpdates: z.boolean(),
})
export type Preferences = z.infer<typeof preferences>

const views = ['home', 'wizard', 'browse', 'runs', 'plans', 'destinations', 'accounts', 'settings', 'about'] as const
/** A view and what it shows first, e.g. { view: 'runs', run: '...' }. */
export const navigation = z.strictObject({
  view: z.enum(views),
  plan: z.string().optional(),
  run: z.string().optional(),
  place: place.optional(),
  account: z.string().optional(),
})

/** Pages that the program may open in the browser. */
export const links = ['help', 'restic', 'app-registration', 'device-login', 'releases', 'license'] as const

const updates = z.strictObject({
  /** `unavailable`: this installation does not update itself. */
  state: z.enum(['unavailable', 'idle', 'checking', 'ready', 'waiting-for-run', 'failed']),
  version: z.string().nullable(),
})

/** What the wizard has been told so far; passphrases and secrets are not kept. */
export const wizardDraft = z.strictObject({
  step: z.string().max(40),
  answers: z.record(z.string().max(60), z.json()),
})

export const appMethods = {
  'app.info': shell(
    nothing,
    z.strictObject({
      version: z.string(),
      platform: z.enum(['linux', 'darwin', 'win32']),
      locale: z.string(),
      /** Packaged programs update themselves and start at login. */
      packaged: z.boolean(),
      profile: z.string(),
      /** Those of its pages that there are: without a home page there is no help online. */
      links: z.array(z.enum(links)),
      /** Versions of what it runs on, for the page "About". */
      runtime: z.record(z.string(), z.string()),
    }),
  ),
  'app.preferences': shell(nothing, preferences),
  'app.setPreferences': shell(preferences.partial(), preferences),
  'app.openLink': shell(z.strictObject({ link: z.enum(links) }), nothing),
  /** Lets a person choose a folder of this machine; null if they did not. */
  'app.chooseFolder': shell(z.strictObject({ title: line }), z.strictObject({ path: z.string().nullable() })),
  /** Lets a person choose a file to read, e.g. a certificate. */
  'app.chooseFile': shell(
    z.strictObject({ title: line, extensions: z.array(z.string().regex(/^[a-z0-9]{1,8}$/)).max(20) }),
    z.strictObject({ path: z.string().nullable() }),
  ),
  /** Shows a file or folder that the program wrote. Only paths that it has told itself. */
  'app.showInFolder': shell(z.strictObject({ path: z.string().max(4000) }), nothing),
  'app.copy': shell(z.strictObject({ text: z.string().max(100_000) }), nothing),
  /** Stops the schedule, runs under way go on: true until told otherwise, or until a moment. */
  'app.setPaused': shell(z.strictObject({ paused: z.union([z.boolean(), moment]) }), nothing),
  'app.quit': shell(nothing, nothing),
  'app.updates': shell(nothing, updates),
  'app.checkForUpdates': shell(nothing, updates),
  'app.installUpdate': shell(nothing, nothing),
  'wizard.draft': shell(nothing, z.strictObject({ draft: wizardDraft.nullable() })),
  'wizard.saveDraft': shell(z.strictObject({ draft: wizardDraft.nullable() }), nothing),
  /**
   * Makes a document of cleaned HTML that a sandboxed frame can show, with a policy of its own: no scripts, no forms, no
   * requests; with `remote`, images of https addresses. The address is good for one frame and lasts as long as the page.
   */
  'preview.frame': shell(
    z.strictObject({ html: z.string().max(20_000_000), remote: z.boolean(), dark: z.boolean() }),
    z.strictObject({ url: z.string() }),
  ),
  /** Asks where to, and writes the recovery kit of a destination there; null if nowhere. */
  'kit.save': shell(
    z.strictObject({ place, format: z.enum(['text', 'html']), withPassphrase: z.boolean() }),
    z.strictObject({ path: z.string().nullable() }),
  ),
  /** Asks where to, and writes a part of an item (an attachment, a version) or its content there. */
  'browse.savePart': shell(
    z.strictObject({ place, snapshot: z.string().max(64), path: z.string().max(20_000), part: z.string().max(1000) }),
    z.strictObject({ path: z.string().nullable() }),
  ),
} as const
