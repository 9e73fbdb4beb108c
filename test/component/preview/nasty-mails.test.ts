import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser } from '../support/test-window.ts'
import { nastyMails } from './nasty-mails.ts'
import { mailOf, reader } from './reader.ts'

afterAll(closeBrowser)

describe('mails that want to do something', () => {
  test('nothing of them runs, and nothing is asked for', async () => {
    const { window, show } = await reader()
    const { page, api, requests } = window
    await page.evaluate(
      `window.addEventListener('message', ({ data }) => { if (data === 'boom') window.wasRun = true })`,
    )
    const failures: string[] = []
    for (const { name, html, blocked } of nastyMails) {
      await show(mailOf(html))
      // Whatever a document asks for by itself, it has asked for when it is loaded.
      const source = api.paramsOf('preview.frame').at(-1)
      if (
        /<script|onerror|onload|javascript:|<form|<meta|<base|<link|<iframe|<object|<embed|<svg|<math|<video|srcset|@import/i.test(
          source?.html ?? '',
        )
      )
        failures.push(`${name}: left in ${source?.html.slice(source.html.indexOf('</style>')) ?? ''}`)
      const cleaned = source?.html ?? ''
      const asking =
        /(?:src|href|background|poster|action|data|content)\s*=\s*["']?[^"'>]*evil\.example|url\([^)]*evil/i
      if (asking.test(cleaned)) failures.push(`${name}: an address is left in ${cleaned}`)
      const told = await page.getByText(/remote images? (was|were) blocked/).allTextContents()
      const expected =
        blocked === 0 ? [] : [`${String(blocked)} remote ${blocked === 1 ? 'image was' : 'images were'} blocked`]
      if (JSON.stringify(told) !== JSON.stringify(expected)) failures.push(`${name}: ${JSON.stringify(told)}`)
    }
    expect(failures).toEqual([])
    expect(requests).toEqual([])
    expect(await page.evaluate('window.wasRun === true')).toBe(false)
    expect(page.url()).toBe('https://holdfast.test/index.html')
    expect(page.context().pages()).toHaveLength(1)
    await window.close()
  }, 300_000)

  test('the frame has no rights, whatever it is given', async () => {
    const { window, show } = await reader()
    const { page } = window
    await show(mailOf('<p>shown</p>'))
    const frame = page.locator('iframe')
    await frame.waitFor()
    expect(await frame.getAttribute('sandbox')).toBe('')
    expect(await frame.getAttribute('src')).toMatch(/^https:\/\/preview\.test\//)
    expect(await page.evaluate(`document.querySelector('iframe').contentDocument === null`)).toBe(true)
    await window.close()
  })

  test('remote images are loaded when somebody asks for them, by https only', async () => {
    const { window, show } = await reader()
    const { page, api, requests } = window
    await show(mailOf('<p>shown</p><img src="https://evil.example/a.png"><img src="http://evil.example/b.png">'))
    await page.getByText('2 remote images were blocked').waitFor()
    expect(requests).toEqual([])
    await page.getByRole('button', { name: 'Load images' }).click()
    await expect.poll(() => requests).toEqual(['https://evil.example/a.png'])
    expect(api.paramsOf('preview.frame').at(-1)).toMatchObject({ remote: true, dark: false })
    await page.getByText(/1 image was left out/).waitFor()
    // The test refuses what is asked for, which Chromium tells.
    await expect.poll(() => window.complaints).toEqual([expect.stringContaining('net::ERR_FAILED')])
    window.complaints.splice(0)
    await window.close()
  })

  test('pictures that came with the mail are shown', async () => {
    const { window, show } = await reader()
    const { page, api } = window
    const pixel =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await show(
      mailOf(
        '<p>shown</p><img src="cid:Logo%40x" alt="logo"><img src="cid:gone"><p style="background-image:url(cid:logo@x)">b</p>',
        { 'logo@x': pixel },
      ),
    )
    await page.frameLocator('iframe').getByAltText('logo').waitFor()
    const html = api.paramsOf('preview.frame').at(-1)?.html ?? ''
    expect(html.split(pixel)).toHaveLength(3)
    expect(await page.getByText(/blocked/).count()).toBe(0)
    await window.close()
  })

  test('a link tells its address and leads nowhere, the address can be copied', async () => {
    const { window, show } = await reader()
    const { page, api, requests } = window
    await show(mailOf('<p>shown <a href="https://evil.example/?u=1">your bank</a></p>'))
    const frame = page.frameLocator('iframe')
    await frame.getByText('your bank').click()
    await expect.poll(() => frame.getByText('https://evil.example/?u=1').isVisible()).toBe(true)
    await page.getByRole('button', { name: '1 link' }).click()
    await page.getByRole('button', { name: 'Copy https://evil.example/?u=1' }).click()
    await expect.poll(() => api.paramsOf('app.copy')).toEqual([{ text: 'https://evil.example/?u=1' }])
    expect(requests).toEqual([])
    await window.screenshot('preview-link')
    await window.close()
  })

  test('what is only to be looked at stays: colours, tables, fonts', async () => {
    const { window, show } = await reader()
    const { api } = window
    await show(
      mailOf(
        '<html><head><style>@media (max-width: 600px) { .w { width: 100% } } .c { color: red }</style></head><body bgcolor="#ffeecc" style="margin:0"><table width=600 class=w><tr><td align=center style="padding: 8px; color: #123456"><font color="blue">shown</font></td></tr></table></body></html>',
      ),
    )
    const html = api.paramsOf('preview.frame').at(-1)?.html ?? ''
    for (const part of [
      'max-width: 600px',
      '.c { color: red; }',
      'rgb(255, 238, 204)',
      'width="600"',
      'padding: 8px',
      'rgb(18, 52, 86)',
      'color="blue"',
    ])
      expect(html).toContain(part)
    await window.close()
  })
})
