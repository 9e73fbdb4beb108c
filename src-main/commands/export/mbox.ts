const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const FROM = /^(>*From )/gm

/**
 * A message (its MIME) as an mbox has it, in the form "mboxrd": lines that begin like a separator get one ">" more, which
 * readers take off again. https://www.rfc-editor.org/rfc/rfc4155, https://en.wikipedia.org/wiki/Mbox
 */
export function mboxEntry(mime: Uint8Array, sender: string | undefined, time: number): Buffer {
  const address = sender === undefined || /[\s\p{Cc}]/u.test(sender) || sender === '' ? 'MAILER-DAEMON' : sender
  // Byte by byte: a message may have any encoding.
  const body = Buffer.from(mime).toString('latin1').replaceAll('\r\n', '\n').replaceAll(FROM, '>$1')
  const end = body.endsWith('\n') ? '\n' : '\n\n'
  return Buffer.from(`From ${Buffer.from(address).toString('latin1')} ${asctime(time)}\n${body}${end}`, 'latin1')
}

/** "Thu Mar  5 14:07:00 2026", in UTC. */
function asctime(time: number): string {
  const moment = new Date(Number.isFinite(time) ? time : 0)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [moment.getUTCHours(), moment.getUTCMinutes(), moment.getUTCSeconds()].map(two).join(':')
  const day = String(moment.getUTCDate()).padStart(2)
  return `${DAYS[moment.getUTCDay()] ?? ''} ${MONTHS[moment.getUTCMonth()] ?? ''} ${day} ${clock} ${String(moment.getUTCFullYear())}`
}
