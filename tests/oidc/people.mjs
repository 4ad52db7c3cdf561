// Who may sign in at the provider of the tests, and which programs it knows.
// SPDX-License-Identifier: BSD-3-Clause

/** Claims in CILogon's shapes: groups as strings and as objects; what is empty is left out. */
export const users = {
  alice: {
    sub: 'http://cilogon.org/serverA/users/1001',
    email: 'alice@illinois.edu',
    name: 'Alice Arp',
    preferred_username: 'alice',
    eppn: 'alice@illinois.edu',
    idp: 'urn:mace:incommon:uiuc.edu',
    idp_name: 'University of Illinois',
    isMemberOf: ['CO:members:active', 'des'],
    groups: ['des'],
  },
  bob: {
    sub: 'http://cilogon.org/serverA/users/1002',
    email: 'bob@inaf.it',
    preferred_username: 'bob',
  },
  carol: {
    sub: 'http://cilogon.org/serverA/users/1003',
    email: 'carol@linea.org.br',
    name: 'Carol Cunha',
    preferred_username: 'carol',
    eppn: 'carol@linea.org.br',
    isMemberOf: [{ name: 'des', id: 17 }, { name: 'lsst', id: 18 }],
    groups: ['des', 'lsst'],
  },
};

const kDevice = 'urn:ietf:params:oauth:grant-type:device_code';

function program(id, more) {
  return {
    client_id: id,
    redirect_uris: ['http://127.0.0.1:9/callback', 'http://127.0.0.1:9/login/callback/test'],
    grant_types: ['authorization_code', 'refresh_token', kDevice],
    response_types: ['code'],
    application_type: 'native', // any port of loopback
    ...more,
  };
}

/** By id. `recorte` is the service itself, `recorte-cli` its command, `other` somebody else's. */
export const clients = {
  recorte: program('recorte', { client_secret: 'the secret of recorte' }),
  'recorte-cli': program('recorte-cli', { token_endpoint_auth_method: 'none' }),
  other: program('other', { client_secret: 'the secret of other' }),
};
