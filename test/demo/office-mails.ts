import { archive, type Letter } from './letters.ts'
import { pdfOf } from './pdf-of.ts'

export const maria = 'maria.lopez@contoso.example'
export const jonas = 'jonas.weber@contoso.example'
export const aiko = 'aiko.tanaka@contoso.example'

const names: Readonly<Record<string, string>> = {
  [maria]: 'Maria López',
  [jonas]: 'Jonas Weber',
  [aiko]: 'Aiko Tanaka',
}

export function addressOf(person: string): string {
  const name = names[person]
  if (name === undefined) return person
  const word = /^[\x20-\x7e]*$/.test(name) ? name : `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`
  return `${word} <${person}>`
}

const newsletter = `<html><body style="font-family: Georgia, serif; max-width: 560px">
<table width="100%" bgcolor="#0b5d66"><tr><td style="padding: 18px; color: #ffffff; font-size: 22px">The Harbour Journal</td></tr></table>
<h2>Autumn on the quay</h2>
<p>The market moves indoors from the <b>first of October</b>. Opening hours stay as they are.</p>
<p><img src="https://images.harbour.example/market.jpg" width="520" height="240" alt="The market hall"></p>
<ul><li>Boat tours until the end of the month</li><li>A concert in the old warehouse</li><li>Bread from the new bakery</li></ul>
<p><a href="https://www.harbour.example/journal">Read everything on our pages</a></p>
<img src="https://count.harbour.example/open.gif?reader=4711" width="1" height="1">
</body></html>`

const report = `<html><body>
<p>Hello Maria,</p>
<p>here are the <b>quarterly figures</b>. The table has the short form, the attachment has all of it.</p>
<table border="1" cellpadding="6" style="border-collapse: collapse">
<tr><th align="left">Region</th><th>Q1</th><th>Q2</th><th>Q3</th></tr>
<tr><td>North</td><td>118</td><td>124</td><td>131</td></tr>
<tr><td>South</td><td>96</td><td>101</td><td>99</td></tr>
<tr><td>Export</td><td>64</td><td>71</td><td>88</td></tr>
</table>
<p>Export grows because of the new dealers. I will bring more to the meeting on Thursday.</p>
<p>Kind regards<br>Jonas</p>
</body></html>`

/** Letters of the inbox, newest first. */
export const inbox: readonly Letter[] = [
  {
    from: addressOf(jonas),
    to: addressOf(maria),
    subject: 'Quarterly figures',
    date: '2026-11-19T15:12:00Z',
    html: report,
    files: [
      { name: 'Figures Q3.pdf', type: 'application/pdf', bytes: pdfOf(['Quarterly figures', 'North 131', 'South 99']) },
      archive('Sources.zip', 48_000),
    ],
  },
  {
    from: 'The Harbour Journal <news@harbour.example>',
    to: addressOf(maria),
    subject: 'Autumn on the quay',
    date: '2026-11-18T06:00:00Z',
    html: newsletter,
  },
  {
    from: addressOf(aiko),
    to: addressOf(maria),
    subject: 'Re: Layout of the catalogue',
    date: '2026-11-17T10:41:00Z',
    text: 'Hello Maria,\n\nthe second version is much better. Can we give the photos of the workshop a whole page?\n\nAiko',
  },
  {
    from: 'Nora Lindqvist <nora@printer.example>',
    to: addressOf(maria),
    subject: 'Offer for 2,000 catalogues',
    date: '2026-11-16T12:20:00Z',
    text: 'Dear Ms. López,\n\nthank you for asking. Our offer is attached; it is good until the end of the year.\n\nNora Lindqvist',
    files: [{ name: 'Offer 20418.pdf', type: 'application/pdf', bytes: pdfOf(['Offer 20418', '2,000 catalogues']) }],
  },
  {
    from: addressOf(jonas),
    to: addressOf(maria),
    subject: 'Café at noon?',
    date: '2026-11-13T09:05:00Z',
    text: 'The new place at the corner has opened. Half past twelve?\n\nJonas',
  },
  {
    from: 'Facilities <facilities@contoso.example>',
    to: addressOf(maria),
    subject: 'No heating on Saturday',
    date: '2026-11-12T14:30:00Z',
    text: 'The heating is serviced on Saturday between eight and twelve. The building stays open.',
  },
  {
    from: 'Samuel Okafor <samuel@dealer.example>',
    to: addressOf(maria),
    subject: 'Delivery of the samples',
    date: '2026-11-10T08:15:00Z',
    text: 'Good morning,\n\nthe samples have come, all twelve of them. The blue ones are the favourites here.\n\nSamuel Okafor',
    files: [archive('Photos of the samples.zip', 120_000)],
  },
]

const topics = ['Minutes of the board', 'Order', 'Invoice', 'Visit of the dealers', 'Price list', 'Question about']
const things = ['the workshop', 'north', 'spring', 'the catalogue', 'the fair', 'export', 'the new office']

/** Letters of the year before: so many that lists look as lists do. */
export const olderLetters: readonly Letter[] = Array.from({ length: 60 }, (_, at) => ({
  from: addressOf(at % 3 === 0 ? aiko : jonas),
  to: addressOf(maria),
  subject: `${topics[at % topics.length] ?? ''}: ${things[at % things.length] ?? ''}`,
  date: new Date(Date.UTC(2026, 10, 9) - at * 5.3 * 86_400_000).toISOString(),
  text: `Hello Maria,\n\nthis is about ${things[at % things.length] ?? ''}. More when we meet.\n\nBest wishes`,
  ...(at % 8 === 5 ? { files: [archive(`Papers ${String(at)}.zip`, 9_000 + at * 400)] } : {}),
}))
