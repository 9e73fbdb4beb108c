import { accessDenied, badRequest, GraphError, itemNotFound, unknownProperty } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { MailboxCall, RouteCall } from '../../routes/context.ts'
import { optionalBoolean, wordValue } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { isObject, jsonObject, requiredText } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { folderOf, withMailbox } from '../../routes/require-mailbox.ts'
import { actionsInput, predicatesInput } from './rule-input.ts'
import { settingsInput } from './settings-input.ts'
import { mailboxSettingsState } from './state.ts'
import type { MailboxSettingsState, StoredRule } from './state.ts'

interface SettingsCall extends MailboxCall {
  readonly state: MailboxSettingsState
}

export function withSettings(run: (call: SettingsCall) => Reply): (call: RouteCall) => Reply {
  return (plain) => {
    const call = withMailbox(plain)
    return run({ ...call, state: mailboxSettingsState(call.context.tenant) })
  }
}

const pages = { defaultPage: 100, largestPage: 1000 }
const ruleType = 'microsoft.graph.messageRule'

/** Rules exist for the inbox alone. */
function requireInbox(call: SettingsCall): void {
  if (folderOf(call).wellKnownName !== 'inbox') {
    throw badRequest('Rules are supported for the inbox only.', 'ErrorInvalidRequest')
  }
}

/** Parts that a rule does not have are absent, as in the documented example. */
function renderRule(rule: StoredRule): object {
  const { conditions, actions, exceptions, ...rest } = rule
  return {
    ...rest,
    ...(conditions === null ? {} : { conditions }),
    ...(actions === null ? {} : { actions }),
    ...(exceptions === null ? {} : { exceptions }),
  }
}

export function listRules(call: SettingsCall): Reply {
  requireInbox(call)
  const rules = call.state.rules(call.user.id)
  return collectionPage(call, rules, { kind: "mailFolders('inbox')/messageRules", ...pages, render: renderRule })
}

function ruleOf(call: SettingsCall): StoredRule {
  requireInbox(call)
  const rule = call.state.rules(call.user.id).find(({ id }) => id === call.parameters.rule)
  if (rule === undefined) throw itemNotFound()
  return rule
}

export function getRule(call: SettingsCall): Reply {
  return jsonReply(200, renderRule(ruleOf(call)))
}

const ruleNames: ReadonlySet<string> = new Set([
  'displayName',
  'sequence',
  'isEnabled',
  'conditions',
  'actions',
  'exceptions',
])

function refuseUnknown(body: JsonObject): void {
  const unknown = Object.keys(body).find((name) => !ruleNames.has(name) && !name.includes('@'))
  if (unknown !== undefined) throw unknownProperty(unknown, ruleType)
}

function sequenceOf(body: JsonObject): number {
  const { sequence } = body
  if (typeof sequence === 'number' && Number.isInteger(sequence) && sequence >= 1) return sequence
  throw badRequest("The property 'sequence' must be a positive number.", 'ErrorInvalidRequest')
}

/** POST messageRules. Source: https://learn.microsoft.com/graph/api/mailfolder-post-messagerules */
export function createRule(call: SettingsCall): Reply {
  requireInbox(call)
  const body = jsonObject(call.request)
  refuseUnknown(body)
  const actions = actionsInput(call, body.actions)
  if (actions === null || Object.keys(actions).length === 0) {
    throw badRequest('A rule needs at least one action.', 'ErrorInvalidRequest')
  }
  const rule: StoredRule = {
    id: call.state.ruleId(),
    displayName: requiredText(body, 'displayName'),
    sequence: sequenceOf(body),
    isEnabled: optionalBoolean(body, 'isEnabled') ?? true,
    hasError: false,
    isReadOnly: false,
    conditions: predicatesInput(body.conditions, 'conditions'),
    actions,
    exceptions: predicatesInput(body.exceptions, 'exceptions'),
  }
  call.state.insertRule(call.user.id, rule)
  return jsonReply(201, renderRule(rule))
}

/** PATCH messageRules/{id} */
export function updateRule(call: SettingsCall): Reply {
  const rule = ruleOf(call)
  if (rule.isReadOnly) throw accessDenied()
  const body = jsonObject(call.request)
  refuseUnknown(body)
  call.state.changeRule(call.user.id, rule.id, {
    ...('displayName' in body ? { displayName: requiredText(body, 'displayName') } : {}),
    ...('sequence' in body ? { sequence: sequenceOf(body) } : {}),
    ...('isEnabled' in body ? { isEnabled: optionalBoolean(body, 'isEnabled') ?? true } : {}),
    ...('conditions' in body ? { conditions: predicatesInput(body.conditions, 'conditions') } : {}),
    ...('exceptions' in body ? { exceptions: predicatesInput(body.exceptions, 'exceptions') } : {}),
    ...('actions' in body ? { actions: actionsInput(call, body.actions) } : {}),
  })
  return jsonReply(200, renderRule(ruleOf(call)))
}

export function deleteRule(call: SettingsCall): Reply {
  call.state.removeRule(call.user.id, ruleOf(call).id)
  return emptyReply(204)
}

export function getSettings(call: SettingsCall): Reply {
  const context = `${call.context.origin()}/v1.0/$metadata#users('${call.user.id}')/mailboxSettings`
  return jsonReply(200, { '@odata.context': context, ...call.state.settings(call.user.id) })
}

/** PATCH mailboxSettings. Source: https://learn.microsoft.com/graph/api/user-update-mailboxsettings */
export function updateSettings(call: SettingsCall): Reply {
  const { state, user } = call
  const body = jsonObject(call.request)
  const given = settingsInput(state.settings(user.id), body)
  const statusOf = (value: unknown): unknown => (isObject(value) ? value.status : undefined)
  const before = statusOf(state.settings(user.id).automaticRepliesSetting)
  const after = statusOf(given.automaticRepliesSetting)
  if (before === 'disabled' && after !== undefined && after !== 'disabled') state.repliesSwitchedOn++
  state.setSettings(user.id, given)
  return jsonReply(200, given)
}

const colors = ['none', ...Array.from({ length: 25 }, (_, index) => `preset${String(index)}`)]

export function listCategories(call: SettingsCall): Reply {
  const categories = call.state.categories(call.user.id)
  return collectionPage(call, categories, { kind: 'outlook/masterCategories', ...pages, render: (one) => one })
}

/** POST masterCategories: names are unique regardless of case, and cannot be changed later. */
export function createCategory(call: SettingsCall): Reply {
  const { state, user } = call
  const body = jsonObject(call.request)
  const displayName = requiredText(body, 'displayName')
  const unknown = Object.keys(body).find((name) => name !== 'displayName' && name !== 'color' && !name.includes('@'))
  if (unknown !== undefined) throw unknownProperty(unknown, 'microsoft.graph.outlookCategory')
  const color = wordValue(body.color ?? 'none', colors, 'color')
  const taken = state.categories(user.id).some((one) => one.displayName.toLowerCase() === displayName.toLowerCase())
  if (taken) throw new GraphError(409, 'CategoryNameAlreadyExists', 'The category name is taken.')
  const id = state.addCategory(user.id, displayName, color)
  return jsonReply(201, { id, displayName, color })
}
