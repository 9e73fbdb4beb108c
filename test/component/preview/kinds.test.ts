import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser } from '../support/test-window.ts'
import { mailOf, reader } from './reader.ts'

afterAll(closeBrowser)

const parts = [{ part: 'attachments/1', name: 'Minutes.docx', mediaType: 'application/msword', size: 4_096 }]
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** A PDF of two empty pages, written by hand. */
function smallPdf(): Uint8Array<ArrayBuffer> {
  const stream = 'BT /F1 24 Tf 72 700 Td (Hello from a page) Tj ET'
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>',
    `<< /Length ${String(stream.length)} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((body, index) => {
    const offset = text.length
    text += `${String(index + 1)} 0 obj\n${body}\nendobj\n`
    return offset
  })
  const start = text.length
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 7\n0000000000 65535 f \n${entries}trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n${String(start)}\n%%EOF\n`
  return new TextEncoder().encode(text)
}

test('an event, a contact and a task', async () => {
  const { window, open } = await reader()
  const { page } = window
  await open({
    kind: 'event',
    subject: 'Board meeting',
    start: '2026-03-05T14:00:00',
    end: '2026-03-05T15:00:00',
    allDay: false,
    location: 'Room 4',
    organizer: 'Ben Ode',
    attendees: [
      { name: 'Cleo Ruiz', response: 'accepted' },
      { name: 'Dana Wu', response: 'declined' },
    ],
    recurrence: 'Every Thursday',
    html: '<p>The agenda follows.</p>',
    parts,
  })
  await page.getByText('Mar 5, 2026, 2:00 PM – 3:00 PM').waitFor()
  await page.getByText('2 attendees').waitFor()
  await page.frameLocator('iframe').getByText('The agenda follows.').waitFor()
  await window.expectAccessible()
  await window.screenshot('preview-event')
  await open({
    kind: 'contact',
    name: 'Cleo Ruiz',
    fields: [
      { label: 'E-mail', value: 'cleo@fabrikam.example' },
      { label: 'Mobile', value: '+1 555 0100' },
    ],
    photo: `data:image/png;base64,${pixel}`,
    notes: 'Met in Lisbon.',
  })
  await page.getByRole('img', { name: 'Photo of Cleo Ruiz' }).waitFor()
  await window.expectAccessible()
  await window.screenshot('preview-contact')
  await open({
    kind: 'task',
    title: 'Move the office',
    state: 'In progress',
    fields: [{ label: 'Due', value: 'Mar 31, 2026' }],
    checklist: [
      { text: 'Boxes', done: true },
      { text: 'Van', done: false },
    ],
    html: null,
    parts: [],
  })
  await page.getByText('Checklist (1 of 2)').waitFor()
  await window.expectAccessible()
  await window.screenshot('preview-task')
  await window.close()
})

test('a conversation is read in parts, the latest first', async () => {
  const { window, show } = await reader()
  const { page, api } = window
  const messages = Array.from({ length: 450 }, (_none, index) => ({
    author: index % 2 === 0 ? 'Ben Ode' : '<b>Dana</b>',
    time: 1_770_000_000_000 + index * 60_000,
    html: `<p onclick="x()">message ${String(index)}</p><style>p{display:none}</style>`,
    reply: index % 3 === 1,
  }))
  await show({ kind: 'messages', title: 'Project room', messages, inline: {}, parts: [] })
  const frame = page.frameLocator('iframe')
  await frame.getByText('message 449').waitFor()
  expect(await frame.getByText('<b>Dana</b>').count()).toBeGreaterThan(0)
  expect(api.paramsOf('preview.frame').at(-1)?.html).not.toMatch(/onclick|display:none\}/)
  await page.getByText('Messages 401 to 450 of 450').waitFor()
  await window.expectAccessible()
  await window.screenshot('preview-messages')
  await page.getByRole('button', { name: 'Earlier messages' }).click()
  await frame.getByText('message 399').waitFor()
  await window.close()
})

test('an image, a text, a page and fields', async () => {
  const { window, open } = await reader()
  const { page } = window
  await open({
    kind: 'image',
    name: 'Logo.png',
    mediaType: 'image/png',
    data: new Uint8Array(Buffer.from(pixel, 'base64')),
  })
  const image = page.getByRole('img', { name: 'Image Logo.png' })
  await image.waitFor()
  await expect.poll(() => page.evaluate(`document.querySelector('img[src^="blob:"]').naturalWidth`)).toBe(1)
  await window.expectAccessible()
  await open({ kind: 'text', name: 'Notes.txt', text: 'line 1\n<b>line 2</b>', truncated: true })
  await page.getByText('Only the beginning is shown').waitFor()
  await page.getByText('<b>line 2</b>').waitFor()
  await window.expectAccessible()
  await window.screenshot('preview-text')
  await open({
    kind: 'page',
    title: 'Welcome',
    html: '<h1>Welcome</h1><img src="https://evil.example/x.png">',
    inline: {},
  })
  await page.getByText('1 remote image was blocked').waitFor()
  await page.frameLocator('iframe').getByRole('heading', { name: 'Welcome' }).waitFor()
  await window.screenshot('preview-page')
  await open({ kind: 'fields', title: 'Order 17', fields: [{ label: 'Status', value: 'Open' }], parts })
  await page.getByText('Order 17').waitFor()
  expect(window.requests).toEqual([])
  await window.close()
})

test('a PDF is drawn page by page, in a worker of the program', async () => {
  const { window, open } = await reader()
  const { page } = window
  await open({ kind: 'pdf', name: 'Plan.pdf', data: smallPdf() })
  await page.getByText('Page 1 of 2').waitFor()
  await page.getByText('Hello from a page').waitFor({ state: 'attached' })
  const isDrawn = `(() => {
    const canvas = document.querySelector('canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return data.some((value, index) => index % 4 === 0 && value < 100)
  })()`
  await expect.poll(() => page.evaluate(isDrawn)).toBe(true)
  await window.expectAccessible()
  await window.screenshot('preview-pdf')
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('Page 2 of 2').waitFor()
  await open({ kind: 'pdf', name: 'Broken.pdf', data: new TextEncoder().encode('no pdf at all') })
  await page.getByText('This PDF cannot be shown').waitFor()
  expect(window.requests).toEqual([])
  await window.close()
})

test('an attachment is saved where the person says', async () => {
  const { window, show } = await reader()
  const { page, api } = window
  api.on('browse.savePart', () => ({ path: '/home/ada/Minutes.docx' }))
  await show({ ...mailOf('<p>shown</p>'), parts } as ReturnType<typeof mailOf>)
  await page.getByRole('button', { name: 'Save “Minutes.docx”' }).click()
  await page.getByText('“Minutes.docx” was saved').waitFor()
  expect(api.paramsOf('browse.savePart')).toMatchObject([{ part: 'attachments/1' }])
  await page.getByRole('button', { name: 'Show in folder' }).click()
  await expect.poll(() => api.paramsOf('app.showInFolder')).toEqual([{ path: '/home/ada/Minutes.docx' }])
  await window.close()
})

test('what cannot be shown says why, and can be tried again', async () => {
  const { window, open, show } = await reader()
  const { page, api } = window
  await open(mailOf('<p>shown</p>'))
  api.on('browse.preview', () => {
    throw new Refusal('repository.blob-missing', {}, 'never')
  })
  await page
    .getByRole('row', { name: /Dana Wu/ })
    .nth(3)
    .click()
  await page.getByText('This item cannot be shown').waitFor()
  await window.expectAccessible()
  api.on('browse.preview', () => mailOf('<p>back again</p>'))
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.frameLocator('iframe').getByText('back again').waitFor()
  await show(mailOf('<p>shown</p>'))
  await window.close()
})
