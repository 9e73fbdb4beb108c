import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { record, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { FolderFinder, storedPlaces } from './mail-folders.ts'
import { ruleRequest, ruleShape } from './rule-shape.ts'
import type { FolderMap } from './rule-shape.ts'
import { recipientsOf } from './settings-metadata.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

interface ExistingRule {
  readonly id: string
  readonly shape: string
  readonly isEnabled: boolean
  /** An item of the snapshot was recognised in it, or made it. */
  isMet: boolean
}

/** The rules of one target mailbox; each that is there stands for one of the snapshot. */
export class RuleRestore {
  readonly #options: RestoreOptions
  readonly #folders: FolderFinder
  #existing: ExistingRule[] | undefined

  constructor(options: RestoreOptions) {
    this.#options = options
    const names = options.targetFolder.split('/').map((name) => name.trim())
    this.#folders = new FolderFinder(names.filter((name) => name !== ''))
  }

  /** Creates the rule unless it is there. It is switched off if it would do something else than it did, or send mail. */
  async restore(mailbox: Mailbox, properties: JsonObject): Promise<ItemOutcome> {
    const { onRequest, dryRun, people } = this.#options
    if (!onRequest.has('rules')) return { kind: 'skipped', code: 'only-on-request' }
    if (properties.isReadOnly === true) return { kind: 'skipped', code: 'rule-read-only' }
    const existing = (this.#existing ??= await readRules(mailbox))
    const { body, lacksFolder } = ruleRequest(properties, await this.#folderMap(mailbox, properties), people)
    const remarks = reasonsToSwitchOff(properties, body, lacksFolder)
    const request = { ...body, isEnabled: properties.isEnabled !== false && remarks.length === 0 }
    if (this.#meet(existing, body) !== undefined) return { kind: 'duplicate' }
    const lame = lacksFolder ? undefined : this.#meetLame(existing, ruleRequest(properties, new Map(), people).body)
    if (dryRun) return lame === undefined ? { kind: 'created', id: '' } : { kind: 'duplicate', completed: true }
    if (lame !== undefined) {
      await patchRule(mailbox, lame.id, request)
      return { kind: 'duplicate', completed: true, remarks }
    }
    const id = await this.#create(mailbox, existing, request)
    return { kind: 'created', id, remarks }
  }

  #meet(existing: readonly ExistingRule[], body: JsonObject): ExistingRule | undefined {
    if (this.#options.ignoreExisting) return undefined
    const shape = ruleShape(body)
    const found = existing.find((rule) => !rule.isMet && rule.shape === shape)
    if (found !== undefined) found.isMet = true
    return found
  }

  /** The rule as an earlier restore made it when its folders were not there yet. */
  #meetLame(existing: readonly ExistingRule[], body: JsonObject): ExistingRule | undefined {
    return this.#meet(
      existing.filter(({ isEnabled }) => !isEnabled),
      body,
    )
  }

  async #folderMap(mailbox: Mailbox, properties: JsonObject): Promise<FolderMap> {
    const found = new Map<string, string | undefined>()
    for (const place of storedPlaces(properties)) found.set(place.id, await this.#folders.find(mailbox, place))
    return found
  }

  /** Creates it once, even if an answer gets lost: before another attempt the rules are looked at. */
  async #create(mailbox: Mailbox, existing: ExistingRule[], body: JsonObject): Promise<string> {
    for (let left = attempts; ; left -= 1) {
      try {
        const id = await postRule(mailbox, body)
        existing.push({ id, shape: ruleShape(body), isEnabled: body.isEnabled === true, isMet: true })
        return id
      } catch (error) {
        if (!hasUnknownOutcome(error)) throw error
        const shape = ruleShape(body)
        const known = new Set(existing.map(({ id }) => id))
        const made = (await readRules(mailbox)).find((rule) => !known.has(rule.id) && rule.shape === shape)
        if (made !== undefined) {
          existing.push({ ...made, isMet: true })
          return made.id
        }
        if (left <= 1) throw error
      }
    }
  }
}

function reasonsToSwitchOff(properties: JsonObject, body: JsonObject, lacksFolder: boolean): readonly RestoreRemark[] {
  const sends = recipientsOf(record(body, 'actions') ?? {}).length > 0
  return [
    ...(sends ? [{ code: 'rule-disabled-forwards' }] : []),
    ...(lacksFolder ? [{ code: 'rule-disabled-folder' }] : []),
    ...(properties.hasError === true ? [{ code: 'rule-disabled-error' }] : []),
  ]
}

function rulesPath(user: string): string {
  return graphPath`/users/${user}/mailFolders/inbox/messageRules`
}

async function readRules({ client, user, signal }: Mailbox): Promise<ExistingRule[]> {
  const rules: ExistingRule[] = []
  for await (const page of client.pages<JsonObject>({ path: rulesPath(user), pool: mailboxPool(user), signal })) {
    rules.push(...page.value.map(existingRule))
  }
  return rules
}

function existingRule(rule: JsonObject): ExistingRule {
  const isEnabled = rule.isEnabled !== false
  return { id: text(rule, 'id') ?? '', shape: ruleShape(rule), isEnabled, isMet: false }
}

async function postRule({ client, user, signal }: Mailbox, body: JsonObject): Promise<string> {
  const request = { method: 'POST', path: rulesPath(user), body, pool: mailboxPool(user), signal } as const
  return text(await client.json<JsonObject>(request), 'id') ?? ''
}

async function patchRule({ client, user, signal }: Mailbox, id: string, body: JsonObject): Promise<void> {
  const path = `${rulesPath(user)}${graphPath`/${id}`}`
  await client.json<JsonObject>({ method: 'PATCH', path, body, pool: mailboxPool(user), signal })
}
