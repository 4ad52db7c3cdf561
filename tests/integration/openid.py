"""A private OpenID provider (tests/oidc) for a test, and those who sign in there."""
# SPDX-License-Identifier: BSD-3-Clause
import base64
import contextlib
import hashlib
import html
import http.cookiejar
import json
import os
import re
import secrets
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from harness import SOURCE

RESOURCE = "https://recorte.test/api"  # an access token for it is a JWT
CALLBACK = "http://127.0.0.1:9/callback"
SCOPES = "openid email profile org.cilogon.userinfo"
SECRETS = {"recorte": "the secret of recorte", "other": "the secret of other"}


def b64(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()


def claims_of(jwt):
    """What a JWT says, unchecked."""
    part = jwt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Browser:
    """Follows redirects and keeps cookies, as a browser does; stops at `stop`, whose query it returns."""

    def __init__(self, stop=CALLBACK):
        self.stopped = None
        self.page = ""
        self.url = ""
        browser = self

        class Redirects(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, req, fp, code, msg, headers, newurl):
                if newurl.startswith(stop):
                    browser.stopped = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(newurl).query))
                    return None
                return super().redirect_request(req, fp, code, msg, headers, newurl)

        self._opener = urllib.request.build_opener(Redirects, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, url, form=None):
        """The page, unless the browser was stopped on its way."""
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(urllib.parse.urljoin(self.url, url), body, timeout=30) as answer:
                self.url, self.page = answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as error:
            if self.stopped is None:
                raise AssertionError(f"{url}: {error.code} {error.read()[:500]}") from None
        return self.page

    def submit(self, **fields):
        """Fills in the page's form: what is hidden in it goes along."""
        action = re.search(r'<form[^>]* action="([^"]*)"', self.page)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        return self.open(html.unescape(action.group(1)) if action else self.url, {**hidden, **fields})

    def sign_in(self, login):
        """At the provider's form, which is the page."""
        return self.submit(login=login)


class Provider:
    """The running provider; `issuer` is its URL."""

    def __init__(self, process, issuer):
        self.process, self.issuer = process, issuer
        self.port = int(issuer.rsplit(":", 1)[1])
        self._discovery = None

    @property
    def discovery(self):
        if self._discovery is None:
            self._discovery = self._json("/.well-known/openid-configuration")
        return self._discovery

    def _json(self, path, form=None, headers=None, body=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else body
        request = urllib.request.Request(urllib.parse.urljoin(self.issuer, path), data, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
                return json.loads(text) if text else {}
        except urllib.error.HTTPError as error:
            return {"status": error.code, **json.loads(error.read() or b"{}")}

    def control(self, command, **what):
        """tests/oidc/controls.mjs has the commands."""
        return self.tell(command, what)

    def tell(self, command, what):
        """The same, of names that are no Python names: paths, ids of clients."""
        return self._json(f"/test/{command}", body=json.dumps(what).encode())

    def calls(self):
        """How often each endpoint was asked since reset(); one that never was is not in it."""
        return self.control("calls")

    def reset(self):
        self.control("reset")

    def faults(self, **by_name):
        """jwks="hang", userinfo=500, every="drop"; none: all is well again."""
        paths = {"every": "*", "discovery": "/.well-known/openid-configuration", "jwks": "/jwks", "token": "/token",
                 "introspection": "/token/introspection", "userinfo": "/me"}
        self.tell("faults", {paths[name]: fault for name, fault in by_name.items()})

    def sign(self, claims, header=None, key="rsa"):
        """A JWT of any claims; `header` over {alg, kid, typ} of the key, which is "rsa", "ec" or "rogue"."""
        return self.control("sign", header=header or {}, claims=claims, key=key)["token"]

    def tokens(self, login="alice", client="recorte", resource=None, scope=SCOPES, nonce=None):
        """The answer of the token endpoint to the code flow with PKCE: access_token, id_token …"""
        verifier = secrets.token_urlsafe(32)
        ask = {"client_id": client, "response_type": "code", "scope": scope, "redirect_uri": CALLBACK, "state": "s",
               "code_challenge": b64(hashlib.sha256(verifier.encode()).digest()), "code_challenge_method": "S256",
               **({"nonce": nonce} if nonce else {}), **({"resource": resource} if resource else {})}
        browser = Browser()
        browser.open(self.discovery["authorization_endpoint"] + "?" + urllib.parse.urlencode(ask))
        browser.sign_in(login)
        assert "code" in (browser.stopped or {}), (browser.stopped, browser.page)
        form = {"grant_type": "authorization_code", "code": browser.stopped["code"], "redirect_uri": CALLBACK,
                "code_verifier": verifier, **({"resource": resource} if resource else {})}
        answer = self.token_request(form, client)
        assert "access_token" in answer, answer
        return answer

    def token_request(self, form, client="recorte"):
        return self._json(self.discovery["token_endpoint"], *self._as(client, form))

    @staticmethod
    def _as(client, form):
        """Form and headers of a client that shows who it is."""
        if client not in SECRETS:
            return {**form, "client_id": client}, {}
        pair = f"{urllib.parse.quote_plus(client)}:{urllib.parse.quote_plus(SECRETS[client])}"
        return form, {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def opaque(self, login="alice", **more):
        return self.tokens(login, **more)["access_token"]

    def jwt(self, login="alice", **more):
        return self.tokens(login, resource=RESOURCE, **more)["access_token"]

    def revoke(self, token, client="recorte"):
        self._json(self.discovery["revocation_endpoint"], *self._as(client, {"token": token}))

    def approve_device(self, user_code, login="alice"):
        """What a person does who was shown a code: enters it, signs in, confirms."""
        browser = Browser()
        browser.open(f"{self.issuer}/device")
        browser.submit(user_code=user_code)
        if "confirm" in browser.page:
            browser.submit(confirm="yes")
        if 'name="login"' in browser.page:
            browser.sign_in(login)
        return browser.page

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def start_again(self):
        """With the same address, other keys, and nobody signed in."""
        self.process, issuer = _start(self.port)
        assert issuer == self.issuer


def _start(port):
    npm = subprocess.run([SOURCE / "scripts" / "install-provider"], check=True, capture_output=True, text=True).stdout.strip()
    process = subprocess.Popen(["node", SOURCE / "tests" / "oidc" / "provider.mjs", str(port)], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, env={**os.environ, "RECORTE_NPM": npm})
    line = process.stdout.readline()
    assert line.startswith("provider: "), line
    return process, line.split()[-1]


@contextlib.contextmanager
def provider():
    """Runs until the block ends; its port is the kernel's choice."""
    running = Provider(*_start(0))
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


# What a [auth.oidc.NAME] of the provider says; more lines may follow.
def configuration(provider, name="test", client="recorte"):
    return (f'[auth.oidc.{name}]\nissuer = "{provider.issuer}"\nclient = "{client}"\n'
            f'secret = {{ env = "RECORTE_OIDC_{name.upper()}" }}\n')


def environment(name="test", client="recorte"):
    return {f"RECORTE_OIDC_{name.upper()}": SECRETS[client]}
