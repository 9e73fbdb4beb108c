import { describe, expect, test } from 'vitest'
import { mailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import type { MailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import { errorCode, textAt, valueOf } from './client.ts'
import type { Graph } from './client.ts'
import { Contract, contractFolder, documentedExamples } from './schema.ts'
import { alex, withSmall } from './tenant.ts'

const rules = `/users/${alex}/mailFolders/inbox/messageRules`
const settings = `/users/${alex}/mailboxSettings`
const categories = `/users/${alex}/outlook/masterCategories`

function withState(use: (graph: Graph, state: MailboxSettingsState) => Promise<void>, roles?: string[]): Promise<void> {
  return withSmall(
    async ({ graph, simulator }) => {
      await use(graph, mailboxSettingsState(simulator.tenant))
    },
    roles === undefined ? {} : { app: { roles } },
  )
}

const post = (graph: Graph, path: string, json: object) => graph(path, { method: 'POST', json })

if (contractFolder === undefined) {
  process.stdout.write('The contract data (../shared/graph) is not there: answers were not compared with it.\n')
}

describe('rules, settings and categories fit the published contract', () => {
  test.runIf(contractFolder !== undefined)('all of them', () =>
    withState(async (graph, state) => {
      const contract = new Contract(contractFolder ?? '')
      state.addRule(alex, { conditions: { subjectContains: ['X'] }, actions: { delete: true } })
      state.addCategory(alex, 'Red')
      const answers: readonly [string, string][] = [
        ['messageRuleCollectionResponse', rules],
        ['messageRule', `${rules}/${state.rules(alex)[0]?.id ?? ''}`],
        ['mailboxSettings', settings],
        ['outlookCategoryCollectionResponse', categories],
      ]
      for (const [schema, path] of answers) {
        expect(contract.problems(`microsoft.graph.${schema}`, (await graph(path)).json)).toEqual([])
      }
    }),
  )

  test
    .runIf(contractFolder !== undefined)
    .each([
      'create_messagerule_from_mailfolder',
      'get_messagerules',
      'create_outlookcategory_from_outlookuser',
      'get_mastercategories',
      'get_mailboxsettings_1',
      'update_mailboxsettings_1',
      'update_mailboxsettings_2',
    ])('the documented request is understood: %s', (name) =>
    withState(async (graph) => {
      const example = documentedExamples(contractFolder ?? '').get(name)
      const path = new URL(example?.url ?? '').pathname.replace('/v1.0/me', `/users/${alex}`)
      const json = example?.requestBody ?? undefined
      const method = example?.method ?? ''
      const answer = await graph(path, json === undefined ? { method } : { method, json })
      expect(answer.status).toBe(example?.responseStatus)
    }),
  )
})

describe('rules', () => {
  const rule = { displayName: 'x', sequence: 1, actions: { delete: true } }

  test.each([
    ['no name', { ...rule, displayName: '' }],
    ['no actions', { ...rule, actions: {} }],
    ['no place', { displayName: 'x', actions: { delete: true } }],
    ['an unknown action', { ...rule, actions: { explode: true } }],
    ['an unknown condition', { ...rule, conditions: { mood: 'bad' } }],
    ['a recipient that is none', { ...rule, actions: { forwardTo: [{ emailAddress: { address: 'nobody' } }] } }],
    ['a folder of nobody', { ...rule, actions: { moveToFolder: 'nowhere' } }],
    ['a read-only property', { ...rule, hasError: false }],
  ])('are refused with %s', (_what, json) =>
    withState(async (graph) => {
      expect((await post(graph, rules, json)).status).toBe(400)
    }),
  )

  test('take their place, and those behind move on', () =>
    withState(async (graph, state) => {
      await post(graph, rules, { ...rule, displayName: 'first' })
      await post(graph, rules, { ...rule, displayName: 'second' })
      expect(state.rules(alex).map(({ displayName, sequence }) => [displayName, sequence])).toEqual([
        ['second', 1],
        ['first', 2],
      ])
      const id = state.rules(alex)[0]?.id ?? ''
      expect((await graph(`${rules}/${id}`, { method: 'PATCH', json: { isEnabled: false } })).json.isEnabled).toBe(
        false,
      )
      expect((await graph(`${rules}/${id}`, { method: 'DELETE' })).status).toBe(204)
      expect((await graph(`${rules}/${id}`)).status).toBe(404)
    }))

  test('are the inbox alone to have, and give words back in capitals', () =>
    withState(async (graph) => {
      expect((await graph(rules.replace('inbox', 'drafts'))).status).toBe(400)
      const made = await post(graph, rules, { ...rule, conditions: { senderContains: ['adele'] } })
      expect(made.json).toMatchObject({ isEnabled: true, conditions: { senderContains: ['ADELE'] } })
    }))
})

describe('settings and categories', () => {
  const patch = (graph: Graph, json: object) => graph(settings, { method: 'PATCH', json })

  test('settings keep what is not given, and count replies that are switched on', () =>
    withState(async (graph, state) => {
      await patch(graph, { automaticRepliesSetting: { internalReplyMessage: 'x' } })
      expect(state.settings(alex).automaticRepliesSetting).toMatchObject({
        status: 'disabled',
        internalReplyMessage: 'x',
      })
      expect(state.repliesSwitchedOn).toBe(0)
      await patch(graph, { automaticRepliesSetting: { status: 'AlwaysEnabled' } })
      expect(state.repliesSwitchedOn).toBe(1)
      const refused = [{ timeZone: 'x' }, { language: { locale: 'xx' } }, { userPurpose: 'room' }, { smell: 1 }]
      for (const json of refused) expect((await patch(graph, json)).status).toBe(400)
    }))

  test('categories are there once, whatever the case of their names', () =>
    withState(async (graph) => {
      expect(textAt((await post(graph, categories, { displayName: 'Red', color: 'Preset0' })).json, 'color')).toBe(
        'preset0',
      )
      expect((await post(graph, categories, { displayName: 'RED' })).status).toBe(409)
      expect((await post(graph, categories, { displayName: 'x', color: 'pink' })).status).toBe(400)
      expect(valueOf(await graph(categories))).toHaveLength(1)
    }))

  test('all of it needs roles', () =>
    withState(
      async (graph) => {
        expect((await graph(settings)).status).toBe(200)
        expect(errorCode(await post(graph, categories, { displayName: 'x' }))).toBe('ErrorAccessDenied')
      },
      ['MailboxSettings.Read'],
    ))
})
