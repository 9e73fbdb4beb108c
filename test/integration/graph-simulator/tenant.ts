import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { GraphSimulator, InlineSeed, SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { connect } from './client.ts'
import type { Graph } from './client.ts'

export const alex = 'alex@contoso.example'
export const megan = 'megan@contoso.example'
export const nobody = 'nomail@contoso.example'

/** A small mail, different for every number. */
export function mail(number: number, more: { readonly subject?: string; readonly body?: string } = {}): string {
  return [
    `From: Sender ${String(number)} <sender${String(number)}@example.com>`,
    'To: Alex <alex@contoso.example>, "Wilber, Megan" <megan@contoso.example>',
    `Subject: ${more.subject ?? `Message ${String(number)}`}`,
    `Date: Mon, ${String((number % 27) + 1).padStart(2, '0')} Jan 2024 10:00:00 +0000`,
    `Message-ID: <m${String(number)}@example.com>`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    more.body ?? `Text of message ${String(number)}`,
    '',
  ].join('\r\n')
}

export const smallTenant: InlineSeed = {
  kind: 'inline',
  users: [
    {
      userPrincipalName: alex,
      displayName: 'Alex Wilber',
      folders: [
        { displayName: 'Projects' },
        { displayName: '2024', parent: 'Projects' },
        { displayName: 'Secret', hidden: true },
      ],
      messages: [1, 2, 3, 4, 5].map((number) => ({ folder: 'inbox', mime: mail(number), isRead: number % 2 === 0 })),
    },
    { userPrincipalName: megan, displayName: 'Megan Bowen', mailbox: { language: 'de' } },
    { userPrincipalName: nobody, displayName: 'No Mail', mailbox: false },
  ],
}

export interface Bench {
  readonly simulator: GraphSimulator
  readonly graph: Graph
}

/** A simulator with the small tenant, signed in to. Delta rounds are plain unless a test asks for more. */
async function startSmall(options: Partial<SimulatorOptions> = {}): Promise<Bench> {
  const simulator = await startGraphSimulator({
    tenant: smallTenant,
    delta: { emptyPageEvery: 0, repeatEvery: 0 },
    ...options,
  })
  try {
    return { simulator, graph: await connect(simulator) }
  } catch (error) {
    await simulator.close()
    throw error
  }
}

/** Runs `use` with a simulator and stops it afterwards, whatever happens. */
export async function withSmall(
  use: (bench: Bench) => Promise<void>,
  options: Partial<SimulatorOptions> = {},
): Promise<void> {
  const bench = await startSmall(options)
  try {
    await use(bench)
  } finally {
    await bench.simulator.close()
  }
}
