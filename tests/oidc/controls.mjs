// What a test may ask of the provider besides OpenID, under /test: counts of calls, faults, new
// keys, tokens signed at will, other users and clients.
// SPDX-License-Identifier: BSD-3-Clause
import crypto from 'node:crypto';

const kCounted = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/token': 'token',
  '/token/introspection': 'introspection',
  '/token/revocation': 'revocation',
  '/me': 'userinfo',
  '/auth': 'authorization',
  '/device/auth': 'device',
};

function base64url(bytes) {
  return Buffer.from(bytes).toString('base64url');
}

/** A JWT of any header and claims: one that is not to be trusted, too. */
function signed(header, claims, key) {
  const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const with_ = { key: crypto.createPrivateKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  return `${text}.${base64url(crypto.sign('sha256', text, with_))}`;
}

function publicOf(key) {
  return crypto.createPublicKey({ key, format: 'jwk' });
}

export class Controls {
  /** `changed`: called when users, clients or keys have changed. */
  constructor(state, changed) {
    this.state = state;
    this.changed = changed;
    this.calls = {};
    this.faults = {};  // by path: a status, "hang" until it is changed, "drop"
    this.answers = {}; // by path: members put over those of its JSON answer
    this.release = [];
  }

  /** Whether the request was a test's, or meets with a fault: then it is answered. */
  async intercept(request, response) {
    const { pathname } = new URL(request.url, 'http://loopback');
    if (pathname.startsWith('/test/')) {
      let body = '';
      for await (const chunk of request) body += chunk;
      const command = this[`do_${pathname.slice('/test/'.length)}`];
      response.setHeader('content-type', 'application/json');
      if (!command) response.statusCode = 404;
      response.end(JSON.stringify(command ? command.call(this, body ? JSON.parse(body) : {}) : null));
      return true;
    }
    const name = kCounted[pathname];
    if (name) this.calls[name] = (this.calls[name] || 0) + 1;
    let fault = this.faults[pathname] ?? this.faults['*'];
    while (fault === 'hang') {
      await new Promise((resolve) => { this.release.push(resolve); });
      fault = this.faults[pathname] ?? this.faults['*'];
    }
    if (fault === 'drop') {
      request.socket.destroy();
      return true;
    }
    if (!fault) return false;
    response.statusCode = fault;
    response.end('{"error":"server_error"}');
    return true;
  }

  /** Middleware that puts what a test wants into answers. */
  rewriting() {
    return async (ctx, next) => {
      await next();
      const over = this.answers[ctx.path];
      if (!over) return;
      if ('raw' in over) ctx.body = over.raw;
      else if (ctx.body && typeof ctx.body === 'object') ctx.body = { ...ctx.body, ...over };
    };
  }

  do_calls() { return this.calls; }

  do_reset() {
    this.calls = {};
    return {};
  }

  /** {"/jwks": "hang", "/me": 500, "*": "drop"}: all faults there are from now on. */
  do_faults(faults) {
    this.faults = faults;
    for (const go of this.release.splice(0)) go();
    return {};
  }

  /** {"/me": {"sub": "another"}}, or {"/me": {"raw": "no JSON"}}. */
  do_answers(answers) {
    this.answers = answers;
    return {};
  }

  /** New keys; the old ones stay published where `keep`. */
  do_rotate({ keep = true }) {
    const { state } = this;
    state.generation += 1;
    const fresh = [state.newKey(`rsa-${state.generation}`, 'RS256'),
      state.newKey(`ec-${state.generation}`, 'ES256')];
    state.keys = keep ? [...fresh, ...state.keys] : fresh;
    this.changed();
    return { kids: state.keys.map((key) => key.kid) };
  }

  /** {header, claims, key}: key "rsa" (of now), "ec", or "rogue", which is published nowhere. The
   *  header is put over the key's own; null takes a member away. */
  do_sign({ header = {}, claims, key = 'rsa' }) {
    const { keys, rogue } = this.state;
    const kind = key === 'ec' ? 'EC' : 'RSA';
    const chosen = key === 'rogue' ? rogue : keys.find((k) => k.kty === kind);
    const whole = { alg: chosen.alg, kid: chosen.kid, typ: 'at+jwt', ...header };
    const given = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
    return { token: signed(given, claims, chosen) };
  }

  /** The rogue key's public half, as a JWK. */
  do_rogue() {
    return { jwk: publicOf(this.state.rogue).export({ format: 'jwk' }) };
  }

  /** The public key that RS256 is checked with, as PEM. */
  do_pem() {
    const key = publicOf(this.state.keys.find((k) => k.kty === 'RSA'));
    return { pem: key.export({ type: 'spki', format: 'pem' }) };
  }

  /** {"alice": {claims}}: users added, or others of that name. */
  do_users(users) {
    Object.assign(this.state.users, users);
    return {};
  }

  /** {"recorte": {metadata}}: members over those of a client, or a new client. */
  do_clients(clients) {
    for (const [id, more] of Object.entries(clients))
      this.state.clients[id] = { client_id: id, ...this.state.clients[id], ...more };
    this.changed();
    return {};
  }

  /** {seconds}: of access tokens that are given from now on. */
  do_lifetime({ seconds }) {
    this.state.lifetime = seconds;
    return {};
  }
}
