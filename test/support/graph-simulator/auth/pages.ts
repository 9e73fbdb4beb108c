import type { Reply } from '../http/exchange.ts'
import { bytesReply, emptyReply } from '../http/exchange.ts'
import type { SimulatorRequest } from '../http/exchange.ts'
import { randomBytes } from 'node:crypto'
import type { OpenPage, Person } from './desk.ts'
import { delegatedScopes } from './delegated.ts'
import {
  challengeMissing,
  missingParameter,
  SignInError,
  unknownApp,
  unknownRedirect,
  wrongAudience,
} from './sign-in-error.ts'
import type { SignInContext } from './context.ts'

const codeLifetimeMs = 10 * 60_000

/** The sign-in page: what the application asked for is checked, then somebody types. */
export function authorizePage(context: SignInContext, request: SimulatorRequest, tenant: string): Reply {
  const asked = new URLSearchParams(request.queryText)
  try {
    return showOrRefuse(context, asked, tenant)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    // The address to go back to cannot be trusted: the person is told.
    return htmlPage(400, `<p class="error">AADSTS${String(error.code)}: ${escaped(error.message)}</p>`)
  }
}

function showOrRefuse(context: SignInContext, asked: URLSearchParams, tenant: string): Reply {
  const { app, desk } = context
  const clientId = required(asked, 'client_id')
  if (clientId.toLowerCase() !== app.clientId.toLowerCase()) throw unknownApp(clientId, tenant)
  const redirectUri = required(asked, 'redirect_uri')
  if (!isRegistered(app.redirectUris, redirectUri)) throw unknownRedirect(redirectUri, clientId)
  const state = asked.get('state') ?? ''
  const back = (error: SignInError): Reply => sendBack(redirectUri, { ...refusal(error), state })
  if (asked.get('response_type') !== 'code') return back(missingParameter('response_type'))
  if (asked.get('code_challenge_method') !== 'S256' || asked.get('code_challenge') === null)
    return back(challengeMissing())
  if (asked.get('prompt') === 'none') return back(new SignInError(400, 'login_required', 50058, 'Nobody is signed in.'))
  const scopeText = required(asked, 'scope')
  const page: OpenPage = {
    tenant,
    clientId,
    redirectUri,
    state,
    scopeText,
    scopes: delegatedScopes(context, scopeText),
    claims: asked.get('claims') ?? undefined,
    nonce: asked.get('nonce') ?? undefined,
    codeChallenge: asked.get('code_challenge') ?? '',
    wantsClientInfo: asked.get('client_info') === '1',
  }
  const id = randomBytes(12).toString('base64url')
  desk.pages.set(id, page)
  return signInForm(context, tenant, { request: id, login: asked.get('login_hint') ?? '' }, page.scopes)
}

/** Native applications may come back to any port of this machine. https://learn.microsoft.com/entra/identity-platform/reply-url */
function isRegistered(registered: readonly string[], asked: string): boolean {
  if (!URL.canParse(asked)) return false
  const url = new URL(asked)
  const withoutPort = `${url.protocol}//${url.hostname}${url.pathname === '/' ? '' : url.pathname}`
  return registered.includes(asked) || (url.hostname === 'localhost' && registered.includes(withoutPort))
}

/** Somebody typed on the page. */
export function answerPage(context: SignInContext, request: SimulatorRequest): Reply {
  const form = new URLSearchParams(request.body.toString('utf8'))
  const id = form.get('request') ?? ''
  const page = context.desk.pages.get(id)
  if (page === undefined) return htmlPage(400, '<p class="error">This page is not open any more.</p>')
  if (form.get('answer') !== 'accept') return declined(context, id, page)
  try {
    const { person, secondFactor } = context.desk.signedIn(
      form.get('login') ?? '',
      form.get('passwd') ?? '',
      form.get('otc') ?? '',
    )
    checkKind(person, page.tenant)
    return accepted(context, id, page, person, secondFactor)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    return signInForm(context, page.tenant, { request: id, login: form.get('login') ?? '' }, page.scopes, error)
  }
}

function declined({ desk }: SignInContext, id: string, { redirectUri, state }: OpenPage): Reply {
  desk.pages.delete(id)
  const error = new SignInError(
    400,
    'access_denied',
    65004,
    'The resource owner or authorization server denied the request.',
  )
  return sendBack(redirectUri, { ...refusal(error), error_subcode: 'cancel', state })
}

function accepted(
  { desk, tokens, now }: SignInContext,
  id: string,
  page: OpenPage,
  person: Person,
  secondFactor: boolean,
): Reply {
  desk.pages.delete(id)
  desk.consent(person, page.scopes)
  if (page.claims !== undefined) tokens.meetChallenge(person.id, page.claims)
  const code = `1.${randomBytes(64).toString('base64url')}`
  desk.codes.set(code, { page, person, secondFactor, expiresAt: now() + codeLifetimeMs })
  return sendBack(page.redirectUri, {
    code,
    state: page.state,
    session_state: randomBytes(16).toString('hex'),
    ...(page.wantsClientInfo ? { client_info: clientInfo(person) } : {}),
  })
}

/** Personal accounts sign in under their own directory, and not under an organization's. */
export function checkKind(person: Person, tenant: string): void {
  const ofWork = tenant === 'organizations' || !['common', 'consumers'].includes(tenant.toLowerCase())
  if (person.isPersonal ? ofWork : tenant === 'consumers') throw wrongAudience()
}

/** Who a token is for, as MSAL names accounts: object id and directory id. */
export function clientInfo(person: Person): string {
  const uid = person.isPersonal ? `00000000-0000-0000-${person.id.slice(0, 4)}-${person.id.slice(-12)}` : person.id
  return Buffer.from(JSON.stringify({ uid, utid: person.tenantId })).toString('base64url')
}

function required(asked: URLSearchParams, name: string): string {
  const value = asked.get(name)
  if (value === null || value === '') throw missingParameter(name)
  return value
}

function refusal({ error, code, message }: SignInError): Record<string, string> {
  return { error, error_description: `AADSTS${String(code)}: ${message}` }
}

function sendBack(redirectUri: string, parameters: Readonly<Record<string, string>>): Reply {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return emptyReply(302, { Location: url.href, 'Cache-Control': 'no-store' })
}

function signInForm(
  { loginOrigin }: SignInContext,
  tenant: string,
  filled: { readonly request: string; readonly login: string },
  scopes: readonly string[],
  error?: SignInError,
): Reply {
  const problem =
    error === undefined ? '' : `<p class="error">AADSTS${String(error.code)}: ${escaped(error.message)}</p>`
  return htmlPage(
    200,
    `${problem}<form method="post" action="${loginOrigin}/${escaped(tenant)}/oauth2/v2.0/login">
<input type="hidden" name="request" value="${escaped(filled.request)}">
<label>Account <input name="login" value="${escaped(filled.login)}"></label>
<label>Password <input name="passwd" type="password"></label>
<label>Second proof <input name="otc"></label>
<p>The application asks for: ${escaped(scopes.join(', '))}</p>
<button name="answer" value="accept">Accept</button> <button name="answer" value="deny">Cancel</button>
</form>`,
  )
}

export function htmlPage(status: number, body: string): Reply {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>${body}</html>`
  return { ...bytesReply(Buffer.from(page), 'text/html; charset=utf-8'), status }
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`)
}
