import { randomBytes, randomInt } from 'node:crypto'
import type { Reply, SimulatorRequest } from '../http/exchange.ts'
import { jsonReply } from '../http/exchange.ts'
import { delegatedScopes } from './delegated.ts'
import { checkKind, escaped, htmlPage } from './pages.ts'
import { missingParameter, notPublicClient, SignInError, signInHeaders, unknownApp } from './sign-in-error.ts'
import type { SignInContext } from './context.ts'

const lifetimeSeconds = 900
/** As Microsoft's codes: nothing that could be taken for something else. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code */
export function deviceCode(context: SignInContext, request: SimulatorRequest, tenant: string): Reply {
  const { app, desk, now, loginOrigin } = context
  const form = new URLSearchParams(request.body.toString('utf8'))
  const clientId = form.get('client_id') ?? ''
  if (clientId.toLowerCase() !== app.clientId.toLowerCase()) throw unknownApp(clientId, tenant)
  if (!app.publicClient) throw notPublicClient()
  const scopeText = form.get('scope')
  if (scopeText === null) throw missingParameter('scope')
  const deviceCode = `DAQABIQEAAAD${randomBytes(96).toString('base64url')}`
  const userCode = Array.from({ length: 9 }, () => letters[randomInt(letters.length)] ?? 'A').join('')
  const scopes = delegatedScopes(context, scopeText)
  const claims = form.get('claims') ?? undefined
  const expiresAt = now() + lifetimeSeconds * 1000
  desk.devices.set(deviceCode, {
    tenant,
    clientId,
    scopeText,
    scopes,
    claims,
    deviceCode,
    userCode,
    expiresAt,
    answer: undefined,
  })
  const verificationUri = `${loginOrigin}/common/oauth2/deviceauth`
  const message = `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`
  return jsonReply(
    200,
    {
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: verificationUri,
      expires_in: lifetimeSeconds,
      interval: app.devicePollSeconds,
      message,
    },
    signInHeaders(request.requestId),
  )
}

/** The page where somebody types the code, and the answer to what was typed. */
export function devicePage(context: SignInContext, request: SimulatorRequest): Reply {
  if (request.method !== 'POST') return deviceForm(context)
  const form = new URLSearchParams(request.body.toString('utf8'))
  const device = [...context.desk.devices.values()].find(({ userCode }) => userCode === form.get('code'))
  if (device === undefined || device.expiresAt <= context.now()) return deviceForm(context, 'That code is not known.')
  if (form.get('answer') !== 'accept') {
    device.answer = 'declined'
    return htmlPage(200, '<p>You have declined. You can close this window.</p>')
  }
  try {
    const answer = context.desk.signedIn(form.get('login') ?? '', form.get('passwd') ?? '', form.get('otc') ?? '')
    checkKind(answer.person, device.tenant)
    context.desk.consent(answer.person, device.scopes)
    if (device.claims !== undefined) context.tokens.meetChallenge(answer.person.id, device.claims)
    device.answer = answer
    return htmlPage(200, '<p>You have signed in on your device. You can close this window.</p>')
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    return deviceForm(context, `AADSTS${String(error.code)}: ${error.message}`)
  }
}

function deviceForm({ loginOrigin }: SignInContext, problem?: string): Reply {
  const told = problem === undefined ? '' : `<p class="error">${escaped(problem)}</p>`
  return htmlPage(
    200,
    `${told}<form method="post" action="${loginOrigin}/common/oauth2/deviceauth">
<label>Code <input name="code"></label>
<label>Account <input name="login"></label>
<label>Password <input name="passwd" type="password"></label>
<label>Second proof <input name="otc"></label>
<button name="answer" value="accept">Continue</button> <button name="answer" value="deny">Cancel</button>
</form>`,
  )
}
