// The OpenID provider of the tests, on loopback: what CILogon does (opaque tokens, introspection,
// userinfo, eppn and isMemberOf), and JWT access tokens where a resource is asked for. Says
// `provider: ISSUER` once it listens; controls.mjs has what a test may ask of it besides.
//   RECORTE_NPM=DIR node provider.mjs [PORT]
// SPDX-License-Identifier: BSD-3-Clause
import crypto from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Controls } from './controls.mjs';
import { clients, users } from './people.mjs';

const library = path.join(process.env.RECORTE_NPM, 'node_modules/oidc-provider/lib/index.js');
const { default: Provider } = await import(pathToFileURL(library));

const kResource = 'https://recorte.test/api';
const kUserinfo = ['eppn', 'eptid', 'idp', 'idp_name', 'affiliation', 'isMemberOf'];

/** A key pair as a JWK. */
function newKey(kid, alg) {
  const pair = alg === 'ES256' ? crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...pair.privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

/** What can change while it runs; every change makes a new Provider over the same store. */
const state = {
  users: structuredClone(users),
  clients: structuredClone(clients),
  keys: [newKey('rsa-1', 'RS256'), newKey('ec-1', 'ES256')],
  rogue: newKey('rogue', 'RS256'),
  generation: 1,
  issuer: '',
  newKey,
};

function personOf(sub) {
  return Object.values(state.users).find((user) => user.sub === sub);
}

function loginForm(uid, hint) {
  return `<!doctype html><title>Sign in</title><form method="post" action="/interaction/${uid}">
<input name="login" value="${hint.replace(/[^\w.@-]/g, '')}"><button>Sign in</button></form>`;
}

/** GET shows a form, POST of `login` signs that user in and grants what is asked for. */
function interactions(provider) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const details = await provider.interactionDetails(ctx.req, ctx.res);
    const { params } = details;
    if (ctx.method === 'GET') {
      ctx.type = 'html';
      ctx.body = loginForm(details.uid, params.login_hint || '');
      return undefined;
    }
    let body = '';
    for await (const chunk of ctx.req) body += chunk;
    const user = state.users[new URLSearchParams(body).get('login')];
    if (!user) {
      const no = { error: 'access_denied', error_description: 'nobody has that name' };
      return provider.interactionFinished(ctx.req, ctx.res, no);
    }
    const grant = new provider.Grant({ accountId: user.sub, clientId: params.client_id });
    if (params.scope) grant.addOIDCScope(params.scope);
    for (const resource of [params.resource || []].flat()) grant.addResourceScope(resource, 'recorte');
    const result = { login: { accountId: user.sub }, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(ctx.req, ctx.res, result);
  };
}

function makeProvider() {
  const provider = new Provider(state.issuer, {
    clients: Object.values(state.clients),
    jwks: { keys: state.keys },
    cookies: { keys: ['the tests know it'] },
    scopes: ['openid', 'email', 'profile', 'org.cilogon.userinfo', 'offline_access'],
    claims: {
      openid: ['sub'],
      email: ['email'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'groups'],
      'org.cilogon.userinfo': kUserinfo,
    },
    conformIdTokenClaims: false, // as CILogon: the id_token has the claims of the scopes
    pkce: { required: () => true, methods: ['S256'] },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
      userinfo: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => ({
          scope: 'recorte',
          audience: resource,
          accessTokenTTL: 600,
          accessTokenFormat: resource === kResource ? 'jwt' : 'opaque',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: {
      AccessToken: () => state.lifetime || 900,
      IdToken: 900, DeviceCode: 600, Interaction: 600, Grant: 3600, Session: 3600, RefreshToken: 86400,
    },
    extraTokenClaims: (ctx, token) => { // opaque ones say nothing of their user, as CILogon's
      if (token.resourceServer?.accessTokenFormat !== 'jwt') return undefined;
      const { sub, ...claims } = personOf(token.accountId) || {};
      return claims;
    },
    findAccount: async (ctx, id) => {
      const user = personOf(id);
      return user && { accountId: id, claims: async () => user };
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  });
  provider.use(interactions(provider));
  provider.use(controls.rewriting());
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider.callback();
}

const controls = new Controls(state, () => { handle = makeProvider(); });
let handle;
const server = http.createServer(async (request, response) => {
  if (await controls.intercept(request, response)) return;
  handle(request, response);
});
server.listen(Number(process.argv[2] || 0), '127.0.0.1', () => {
  state.issuer = `http://127.0.0.1:${server.address().port}`;
  handle = makeProvider();
  console.log(`provider: ${state.issuer}`);
});
