import type { Reply, SimulatorRequest } from '../http/exchange.ts'
import { emptyReply, jsonReply } from '../http/exchange.ts'
import { checkAssertion } from './assertion.ts'
import type { SignInContext } from './context.ts'
import { personalTenantId } from './desk.ts'
import { deviceCode, devicePage } from './device.ts'
import { answerPage, authorizePage } from './pages.ts'
import { isPersonGrant, personToken } from './person-token.ts'
import type { AppRegistration } from './registration.ts'
import {
  missingParameter,
  noCredential,
  SignInError,
  signInErrorReply,
  signInHeaders,
  unknownApp,
  unknownTenant,
  wrongSecret,
} from './sign-in-error.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const sharedTenants = new Set(['common', 'organizations', 'consumers'])

/** True for paths of the sign-in service. */
export function isSignInPath(path: string): boolean {
  return /\/oauth2\/|\/\.well-known\/|\/discovery\//.test(path)
}

/** Name of the sign-in route, for the request log; nothing when there is no such route. */
export function signInRoute(path: string): string | undefined {
  if (path === '/common/discovery/instance') return 'discovery/instance'
  if (/^\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/.test(path)) return '{tenant}/openid-configuration'
  if (/^\/[^/]+\/discovery\/v2\.0\/keys$/.test(path)) return '{tenant}/keys'
  if (path === '/common/oauth2/deviceauth') return 'deviceauth'
  const [, name] = /^\/[^/]+\/oauth2\/v2\.0\/(token|authorize|login|devicecode)$/.exec(path) ?? []
  return name === undefined ? undefined : `{tenant}/${name}`
}

/** Answers a request to the sign-in service. */
export function answerSignIn(context: SignInContext, request: SimulatorRequest): Reply {
  const correlationId = request.headers['client-request-id'] ?? request.requestId
  try {
    return route(context, request)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    return signInErrorReply(error, context.loginOrigin, context.now(), request.requestId, correlationId)
  }
}

function route(context: SignInContext, request: SimulatorRequest): Reply {
  const tenant = decodeURIComponent(request.path.split('/')[1] ?? '')
  switch (signInRoute(request.path)) {
    case 'discovery/instance':
      return jsonReply(200, instanceDiscovery(context, request), signInHeaders(request.requestId))
    case '{tenant}/openid-configuration':
      return jsonReply(200, openIdConfiguration(context, tenant), signInHeaders(request.requestId))
    case '{tenant}/keys':
      return jsonReply(200, { keys: [] }, signInHeaders(request.requestId))
    case '{tenant}/token':
      if (request.method !== 'POST') return emptyReply(405)
      return token(context, request, tenant)
    case '{tenant}/authorize':
      return authorizePage(context, request, tenantIn(context, tenant))
    case '{tenant}/login':
      return answerPage(context, request)
    case '{tenant}/devicecode':
      return deviceCode(context, request, tenantIn(context, tenant))
    case 'deviceauth':
      return devicePage(context, request)
    default:
      return emptyReply(404)
  }
}

function instanceDiscovery(context: SignInContext, request: SimulatorRequest): object {
  const endpoint = new URLSearchParams(request.queryText).get('authorization_endpoint') ?? context.loginOrigin
  const tenant = new URL(endpoint).pathname.split('/')[1] ?? 'common'
  const host = new URL(context.loginOrigin).host
  return {
    tenant_discovery_endpoint: `${context.loginOrigin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}

function openIdConfiguration(context: SignInContext, tenant: string): object {
  if (!isOwnTenant(context.app, tenant) && !sharedTenants.has(tenant)) throw unknownTenant(tenant)
  const id = sharedTenants.has(tenant) ? tenant : context.app.tenantId
  const base = `${context.loginOrigin}/${id}`
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${context.loginOrigin}/${sharedTenants.has(tenant) ? '{tenantid}' : id}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(context.loginOrigin).host,
    msgraph_host: new URL(context.graphOrigin).host,
  }
}

/** Tenants that people may sign in under: the shared names, that of personal accounts, and the own one. */
function tenantIn({ app }: SignInContext, tenant: string): string {
  const name = tenant.toLowerCase()
  if (name === personalTenantId) return 'consumers'
  if (!isOwnTenant(app, name) && !sharedTenants.has(name)) throw unknownTenant(tenant)
  return name
}

function isOwnTenant(app: AppRegistration, tenant: string): boolean {
  const name = tenant.toLowerCase()
  return name === app.tenantId.toLowerCase() || name === app.tenantDomain.toLowerCase()
}

function token(context: SignInContext, request: SimulatorRequest, tenant: string): Reply {
  const { app, tokens } = context
  const form = new URLSearchParams(request.body.toString('utf8'))
  if (isPersonGrant(form)) return personToken(context, request, form, tenantIn(context, tenant))
  checkGrant(form)
  if (!isOwnTenant(app, tenant)) throw unknownTenant(tenant)
  const clientId = required(form, 'client_id')
  if (clientId.toLowerCase() !== app.clientId.toLowerCase()) throw unknownApp(clientId, tenant)
  const audience = audienceOf(context, required(form, 'scope'))
  checkCredential(context, form, tenant)
  const byCertificate = form.get('client_assertion') !== null
  const issued = tokens.issue(context.now(), `https://sts.windows.net/${app.tenantId}/`, audience, byCertificate)
  const lifetime = tokens.lifetimeSeconds
  return jsonReply(
    200,
    { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: issued },
    signInHeaders(request.requestId),
  )
}

function checkGrant(form: URLSearchParams): void {
  const grant = required(form, 'grant_type')
  if (grant === 'client_credentials') return
  throw new SignInError(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`)
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null || value === '') throw missingParameter(name)
  return value
}

/** Whom the token is for: Graph (undefined), or a host of SharePoint. */
function audienceOf(context: SignInContext, scope: string): string | undefined {
  // MSAL adds its own scopes (openid, profile, offline_access) only to delegated requests.
  if (!scope.endsWith('/.default') || /\s/.test(scope.trim())) {
    const message =
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
      '/.default suffixed to the resource identifier (application ID URI).'
    throw new SignInError(400, 'invalid_scope', 1002012, message)
  }
  const resource = scope.slice(0, -'/.default'.length)
  if (/^https:\/\/[a-z0-9-]+\.sharepoint\.(com|us|cn)$/i.test(resource)) return resource.toLowerCase()
  const known = ['https://graph.microsoft.com', 'https://graph.microsoft.com/', context.graphOrigin]
  if (!known.includes(resource)) {
    const message = `The resource principal named ${resource} was not found in the tenant named Contoso.`
    throw new SignInError(400, 'invalid_resource', 500011, message)
  }
  return undefined
}

function checkCredential(context: SignInContext, form: URLSearchParams, tenant: string): void {
  const { app, loginOrigin } = context
  const secret = form.get('client_secret')
  const assertion = form.get('client_assertion')
  if (assertion !== null) {
    if (form.get('client_assertion_type') !== assertionType) throw missingParameter('client_assertion_type')
    // MSAL knows only https, also of a service on this machine.
    const origins = [loginOrigin, loginOrigin.replace(/^http:/, 'https:')]
    const audiences = origins.flatMap((origin) =>
      [tenant, app.tenantId].flatMap((name) => [`${origin}/${name}/oauth2/v2.0/token`, `${origin}/${name}/v2.0`]),
    )
    checkAssertion(assertion, app, audiences, context.now())
  } else if (secret === null || secret === '') {
    throw noCredential()
  } else if (secret !== app.clientSecret) {
    throw wrongSecret(app.clientId)
  }
}
