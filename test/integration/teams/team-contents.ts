import type { TeamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import type { StoredChannel } from '../../support/graph-simulator/services/teams/stored.ts'
import { contoso } from './restore-scene.ts'
import { pixel } from './team-scene.ts'

const [ada, grace, alan] = contoso

/** Everything of a team that Graph takes back as it was. */
export function fillWhole(teams: TeamDirectory, team: string): void {
  const channels = addChannels(teams, team)
  fillGeneral(teams, channels.general)
  fillOthers(teams, channels)
  addTabs(teams, team, channels)
  teams.team(team).settings.funSettings = {
    allowGiphy: false,
    giphyContentRating: 'strict',
    allowStickersAndMemes: true,
    allowCustomMemes: false,
  }
}

type Channels = Readonly<Record<'general' | 'plans' | 'secret' | 'shared', StoredChannel>>

function addChannels(teams: TeamDirectory, team: string): Channels {
  const general = teams.channel(team, 'General')
  const plans = teams.addChannel(team, { displayName: 'Plans', description: 'What comes next', layoutType: 'chat' })
  const secret = teams.addChannel(team, {
    displayName: 'Secret',
    membershipType: 'private',
    owners: [grace],
    members: [ada, alan],
  })
  const shared = teams.addChannel(team, {
    displayName: 'Shared',
    membershipType: 'shared',
    owners: [alan],
    members: [ada],
  })
  teams.addChannel(team, { displayName: 'Empty', description: 'Nobody wrote here yet' })
  return { general, plans, secret, shared }
}

function fillGeneral(teams: TeamDirectory, general: StoredChannel): void {
  const first = teams.post(general, ada, {
    html: '<p>Look <img src="hosted:photo" alt="a pixel" width="67" height="63"> &amp; <b>see</b></p>',
    hosted: { photo: { type: 'image/png', bytes: pixel } },
    subject: 'A picture',
    importance: 'urgent',
  })
  teams.post(general, grace, { text: 'a plain\nanswer with <brackets> & more' }, first)
  teams.post(
    general,
    alan,
    {
      html: '<p>two</p><img src="hosted:one"><img src="hosted:two"><emoji id="smile" alt="🙂" title="Smile"></emoji>',
      hosted: { one: { type: 'image/png', bytes: pixel }, two: { type: 'image/gif', bytes: 'GIF89a and so on' } },
    },
    first,
  )
}

function fillOthers(teams: TeamDirectory, { plans, secret, shared }: Channels): void {
  teams.post(plans, alan, { html: '<codeblock class="x"><code>a &lt; b</code></codeblock><ul><li>one</li></ul>' })
  for (let number = 1; number <= 5; number += 1)
    teams.post(plans, contoso[number % 3] ?? ada, { text: `step ${number}` })
  teams.post(secret, grace, { html: '<p>between us</p>', importance: 'high' })
  const question = teams.post(shared, alan, { html: '<p>who?</p>' })
  teams.post(shared, ada, { html: '<p>me</p>' }, question)
}

function addTabs(teams: TeamDirectory, team: string, { general, plans }: Channels): void {
  teams.addTab(general, {
    displayName: 'Search',
    teamsAppId: 'com.microsoft.teamspace.tab.web',
    configuration: {
      entityId: null,
      contentUrl: 'https://search.example/',
      removeUrl: null,
      websiteUrl: 'https://search.example/',
    },
  })
  teams.install(team, '06805b9e-77e3-4b93-ac81-525eb87513b8')
  teams.addTab(plans, {
    displayName: 'Orders',
    teamsAppId: '06805b9e-77e3-4b93-ac81-525eb87513b8',
    configuration: {
      entityId: '7',
      contentUrl: 'https://orders.example/7',
      removeUrl: 'https://orders.example/x',
      websiteUrl: null,
    },
  })
}

/** A link to a file, as messages carry it. */
export const file = (id: string, name: string): Readonly<Record<string, unknown>> => ({
  id,
  contentType: 'reference',
  contentUrl: `https://contoso.sharepoint.example/sites/team/${name}`,
  content: null,
  name,
  thumbnailUrl: null,
})

const card = (id: string, contentType: string, content: object): Readonly<Record<string, unknown>> => ({
  id,
  contentType: `application/vnd.microsoft.card.${contentType}`,
  contentUrl: null,
  content: JSON.stringify(content),
  name: null,
  thumbnailUrl: null,
})

/** What Teams takes back in another form, or not at all. */
export function fillLosses(teams: TeamDirectory, team: string): void {
  const general = teams.channel(team, 'General')
  const liked = teams.post(general, ada, {
    html: '<p>Ask <at id="0">Grace</at></p>',
    mentions: [
      { id: 0, mentionText: 'Grace', mentioned: { user: { id: teams.user(grace).id, displayName: 'Grace' } } },
    ],
  })
  teams.react(general, liked, grace, 'like')
  teams.post(general, grace, {
    html: '<p>the plan</p><attachment id="f1"></attachment>',
    attachments: [file('f1', 'plan.docx'), file('f2', 'more.docx')],
  })
  teams.post(general, alan, {
    html: '<attachment id="c1"></attachment><attachment id="q1"></attachment><p>what now?</p>',
    attachments: [
      card('c1', 'adaptive', { body: [{ type: 'TextBlock', text: 'Deploy?' }, { items: [{ text: 'Yes or no' }] }] }),
      {
        ...card('q1', 'x', { messagePreview: 'Deploy at ten', messageSender: { user: { displayName: 'Grace' } } }),
        contentType: 'messageReference',
      },
    ],
  })
  teams.event(general, { '@odata.type': '#microsoft.graph.channelAddedEventMessageDetail', channelId: general.id })
  const gone = teams.post(general, alan, { text: 'gone' })
  teams.post(general, grace, { text: 'still there' }, gone)
  teams.post(general, ada, { text: 'me too' }, gone)
  teams.delete(general, gone)
  teams.post(general, ada, {
    html: '<p>huge <img src="hosted:huge" alt="huge"> code <img src="hosted:code" alt="code"></p>',
    hosted: {
      huge: { type: 'image/png', bytes: Buffer.concat([pixel, Buffer.alloc(3_200_000)]) },
      code: { type: 'text/plain', bytes: 'print("hello")' },
    },
  })
}
