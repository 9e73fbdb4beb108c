import { describe, expect, test } from 'vitest'
import type { AnsweredRequest } from '../../support/graph-simulator/observer.ts'
import { contractFolder, loadContract } from '../../support/graph-simulator-contract/contract-data.ts'
import { knownDifferences } from '../../support/graph-simulator-contract/known-differences.ts'
import { OperationIndex } from '../../support/graph-simulator-contract/operations.ts'
import { simulatedOperations } from '../../support/graph-simulator-contract/simulated-operations.ts'
import { ContractWatch } from '../../support/graph-simulator-contract/watch.ts'

const folder = contractFolder ?? ''
const message = '/v1.0/users/ada/messages/m1'

function violations(answered: Partial<Omit<AnsweredRequest, 'requestBody'>> & { readonly json?: unknown }): unknown {
  const { json, answer, ...more } = answered
  const watch = new ContractWatch(folder)
  watch.observe({
    method: 'GET',
    path: message,
    queryText: '',
    requestHeaders: {},
    route: '',
    ...more,
    requestBody: Buffer.from(json === undefined ? '' : JSON.stringify(json)),
    answer: answer ?? { status: 200, headers: {}, json: { id: 'm1' } },
  })
  return watch.takeViolations()
}

const answer = (json: unknown, status = 200) => ({ answer: { status, headers: {}, json } })

describe.runIf(contractFolder !== undefined)('the watch over the contract (skipped without the contract data)', () => {
  test('finds nothing in what fits', () => {
    const json = {
      '@odata.context': 'x',
      '@odata.etag': 'W/"1"',
      id: 'm1',
      importance: 'High',
      receivedDateTime: '2024-01-01T00:00:00Z',
      from: { emailAddress: { name: 'A', address: 'a@b.example' } },
    }
    expect(violations(answer(json))).toEqual([])
    expect(violations({ queryText: '$expand=attachments', ...answer({ attachments: [] }) })).toEqual([])
    expect(violations({ queryText: '$select=subject', ...answer({ id: 'm1', subject: 's' }) })).toEqual([])
  })

  test.each([
    ['a property nobody knows', answer({ smell: 'good' }), /answer\.smell is not in the schema/],
    ['another type', answer({ subject: 5 }), /answer\.subject is number, not string/],
    ['no such value', answer({ importance: 'urgent' }), /importance is "urgent"/],
    ['null where there may be none', answer({ id: null }), /answer\.id is null/],
    ['no annotation', answer({ '@odata.smell': 1 }), /no known annotation/],
    ['what was not expanded', answer({ attachments: [] }), /attachments was not expanded/],
    ['what was not selected', { queryText: '$select=id', ...answer({ subject: 's' }) }, /was not selected/],
    ['deep inside', answer({ toRecipients: [{ emailAddress: { nick: 'x' } }] }), /emailAddress\.nick is not/],
    ['an error without a message', answer({ error: { code: 'x' } }, 400), /error\.error\.message is missing/],
    ['a type of its own', answer({ '@odata.type': '#microsoft.graph.nonsense' }), /unknown type/],
    ['an operation that is none', { path: '/v1.0/users/ada/mess', ...answer({}) }, /is not in the contract/],
    ['an option of the query', { queryText: '$format=xml', ...answer({}) }, /\$format is not documented/],
    ['a body that is not wanted', { json: { a: 1 }, ...answer({}) }, /the body is not wanted/],
    ['a property that is sent', { method: 'PATCH', json: { smell: 'good' }, ...answer({}) }, /request: body\.smell/],
    [
      'a parameter that is sent',
      { method: 'POST', path: `${message}/move`, json: { target: 'x' }, ...answer({}, 201) },
      /body\.target is not in the schema/,
    ],
    [
      'a change without its precondition',
      { method: 'PATCH', path: '/v1.0/planner/tasks/t', json: { title: 't' }, ...answer(undefined, 204) },
      /If-Match is missing/,
    ],
  ])('finds %s', (_what, exchange, says) => {
    expect(violations(exchange)).toEqual([expect.stringMatching(says)])
  })

  test('takes names of parameters in any case', () => {
    const move = { method: 'POST', path: `${message}/move`, ...answer({}, 201) }
    expect(violations({ ...move, json: { destinationId: 'inbox' } })).toEqual([])
    expect(violations({ ...move, json: { DestinationId: 'inbox' } })).toEqual([])
  })

  test('judges long lists by their first entries and their last', () => {
    const value = Array.from({ length: 100 }, (_, index) => (index % 10 === 9 ? { subject: index } : { id: 'x' }))
    expect(violations({ path: '/v1.0/users/ada/messages', ...answer({ value }) })).toEqual([
      expect.stringContaining('value[99].subject is number'),
    ])
  })

  test.each([
    ['users/ada/mailFolders/a/childFolders/b/childFolders/c', 'GET /users/{user-id}/mailFolders/{mailFolder-id}'],
    ["users/ada/messages('m1')/$value", 'GET /users/{user-id}/messages/{message-id}/$value'],
    ['users/ada/mailFolders/inbox/messages/delta', 'messages/delta()'],
    ['users/ada/drive/root:/a/b%20c.txt:/content', 'GET /drives/{drive-id}/root:/{item-path}:/content'],
    ['drives/d/items/i:/x.txt', 'GET /drives/{drive-id}/items/{driveItem-id}:/{item-path}'],
    ['users/ada/drive/root/permissions', 'GET /drives/{drive-id}/items/{driveItem-id}/permissions'],
    ["drives/d/root/delta(token='abc')", "GET /drives/{drive-id}/root/delta(token='{token}')"],
    ['users/ada/calendarView/delta()', 'GET /users/{user-id}/calendarView/delta()'],
  ])('knows the address %s', (path, name) => {
    const found = new OperationIndex(loadContract(folder)).find('GET', `/${path}`)
    expect(found?.name).toContain(name)
  })

  test('counts what is simulated, and not what only looks like it', () => {
    const simulated = simulatedOperations(new OperationIndex(loadContract(folder)))
    expect(simulated).toContain('GET /users/{user-id}/messages/{message-id}')
    expect(simulated).toContain('POST /$batch')
    expect(simulated).not.toContain('GET /users/{user-id}/chats/getAllMessages()')
    expect(simulated).not.toContain('GET /sites/{site-id}/termStore')
  })

  test('has a reason for whatever it does not mind', () => {
    expect(knownDifferences.filter(({ reason }) => reason.length < 20)).toEqual([])
  })
})
