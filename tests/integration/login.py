"""How people sign in with a browser and from a terminal, and what is theirs: tokens and sessions."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import html
import json
import os
import re
import stat
import subprocess
import sys
import urllib.parse
import urllib.request

from harness import RECORTE, main, run, says
from identity import bearer, closed, command, refused, sky, user
from openid import Browser, configuration, environment, provider
from serving import serving, wait_until

NOWHERE = "http://127.0.0.1:1/"


def home(tmp):
    """The environment of somebody whose tokens are kept in `tmp`."""
    return {"XDG_CONFIG_HOME": str(tmp / "config")}


def tokens_are_made_and_revoked_by_their_user(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana = user(tmp, "ana", "--groups", "us")

        def api(method, more="", body=None, who=ana):
            kind = {"Content-Type": "application/json"}
            return server.request(method, "/api/v1/" + more, body=body and json.dumps(body), headers=bearer(who, **kind))
        me = api("GET", "me").json
        assert (me["user"], me["groups"], me["scopes"]) == ("ana", ["us"], ["read", "submit"]), me
        assert server.get("/api/v1/me").json["signed_in"] is False
        refused(server.get("/api/v1/tokens"), 401)
        made = api("POST", "tokens", {"name": "notebook", "scopes": ["read"], "expires": "1d"})
        assert made.status == 201 and made.headers["Cache-Control"] == "no-store", made.text
        reader = made.json["token"]
        assert closed(server, bearer(reader)).status == 200
        refused(api("POST", "tokens", {"name": "more", "scopes": ["submit"]}, reader), 403, "submit")
        refused(api("POST", "tokens", {"name": "more", "scopes": ["admin"]}), 403, "admin")
        refused(api("POST", "tokens", {"name": "more", "colour": "red"}), 400, "colour")
        refused(api("DELETE", "tokens/" + me["credential"], who=reader), 403, "itself alone")
        ids = [t["id"] for t in api("GET", "tokens").json["tokens"]]
        assert ids == [made.json["id"], me["credential"]], ids
        assert reader not in api("GET", "tokens").text
        assert api("DELETE", "tokens/" + ids[0]).status == 204
        refused(closed(server, bearer(reader)), 401)
        bob = user(tmp, "bob")
        refused(api("DELETE", "tokens/" + ids[1], who=bob), 404)
        page = server.request("GET", "/account", headers=bearer(ana))
        assert page.status == 200 and "<h1 id=\"you\">ana</h1>" in page.text and ana not in page.text
        assert server.get("/account").status == 303
        assert "Nobody can sign in with a browser here" in server.get("/login").text
        assert "/login" not in server.get("/").text
    acts = json.loads(command(tmp, "audit", "--act", "token", "--user", "ana", "--json").stdout)
    assert [e["outcome"] for e in acts] == ["ok", "usage", "ok"], acts
    log = (tmp / "server.log").read_text() + command(tmp, "audit", "--json").stdout.decode()
    assert reader not in log and ana not in log


def the_command_keeps_a_token(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana = user(tmp, "ana", "--groups", "us")
        says(run("whoami", env=home(tmp), status=2), "which server?")
        says(run("login", "http://sky.example", env=home(tmp), status=2), "use https")
        done = subprocess.run([RECORTE, "login", server.url + "/", "--with-token"], input=ana.encode(),
                              capture_output=True, env=home(tmp), timeout=60)
        assert done.returncode == 0 and b"as ana" in done.stdout and ana.encode() not in done.stdout, done
        book = tmp / "config" / "recorte" / "tokens.json"
        assert stat.S_IMODE(book.stat().st_mode) == 0o600 and stat.S_IMODE(book.parent.stat().st_mode) == 0o700
        assert run("whoami", env=home(tmp)).stdout.decode() == f"ana at {server.url}\ngroups: us\nscopes: read, submit\n"
        assert run("whoami", "--token", env=home(tmp)).stdout.decode().strip() == ana
        assert json.loads(run("whoami", "--json", env=home(tmp)).stdout)["method"] == "token"
        assert "revoked" in run("logout", env=home(tmp)).stdout.decode()
        refused(closed(server, bearer(ana)), 401)
        assert json.loads(book.read_text()) == {}
        done = subprocess.run([RECORTE, "login", server.url, "--with-token"], input=ana.encode(),
                              capture_output=True, env=home(tmp), timeout=60)
        assert done.returncode != 0 and b"not valid" in done.stderr and json.loads(book.read_text()) == {}, done


@contextlib.contextmanager
def signing_in(tmp):
    """A server whose users come from a provider, where the group `des` is `us` here; and the provider."""
    with provider() as there:
        config = configuration(there) + (
            'title = "The Institute"\ngroup_map = ["des = us"]\n'
            'login_scopes = ["openid", "email", "profile", "org.cilogon.userinfo"]\n')
        with serving(tmp, surveys=sky(tmp), config=config, env=environment()) as server:
            yield server, there


def cookies(browser):
    jar, = [h.cookiejar for h in browser._opener.handlers if isinstance(h, urllib.request.HTTPCookieProcessor)]
    return {c.name: c.value for c in jar}


def session(browser):
    """The header of who is signed in there."""
    return {"Cookie": "recorte=" + cookies(browser)["recorte"]}


def signed_in(server, login="alice"):
    browser = Browser(NOWHERE)
    browser.open(server.url + "/login/start/test?return=/account")
    browser.sign_in(login)
    assert browser.url == server.url + "/account", (browser.url, browser.page)
    return browser


def csrf_of(page):
    return re.search(r'name="csrf" value="(\w+)"', page).group(1)


def a_browser_signs_in_and_out(tmp):
    with signing_in(tmp) as (server, there):
        assert "/login" in server.get("/").text
        browser = Browser(NOWHERE)
        page = browser.open(server.url + "/login?return=/account")
        assert "Sign in with The Institute" in page
        browser.open(html.unescape(re.search(r'href="(/login/start/[^"]*)"', page).group(1)))
        assert browser.url.startswith(there.issuer), browser.url
        page = browser.sign_in("alice")
        assert browser.url == server.url + "/account" and "alice@illinois.edu" in page and ">us<" in page, page
        who = session(browser)
        assert "recorte-login" not in cookies(browser)
        answer = closed(server, who)
        assert answer.status == 200 and answer.headers["X-VO-Authenticated"] == "alice@illinois.edu"
        assert "alice@illinois.edu" in browser.open("/")
        url = f"{server.url}/api/v1/cutout?survey=closed&ra=10&dec=0&size=4px"
        curl = subprocess.run(["curl", "-sSf", "-b", who["Cookie"], "-o", tmp / "c.fits", url], capture_output=True)
        assert curl.returncode == 0 and (tmp / "c.fits").read_bytes().startswith(b"SIMPLE  ="), curl.stderr
        # A page elsewhere can have a browser send its cookie, and no more.
        job = ("POST", "/api/v1/jobs", {"survey": "closed", "size": "8px"}, b"ra,dec\n10,0\n")
        kind = {**who, "Content-Type": "text/csv"}
        for more in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"X-CSRF-Token": "0" * 64}):
            refused(server.request(*job, {**kind, **more}), 403, "page of this service")
        assert server.request(*job, {**kind, "Origin": server.url}).status == 201
        csrf = csrf_of(browser.open("/account"))
        assert server.request(*job, {**kind, "X-CSRF-Token": csrf}).status == 201
        page = browser.open("/account/tokens", {"csrf": csrf, "name": "<b>notebook</b>", "scopes": "read", "expires": "1d"})
        token = re.search(r'<code id="token">(rct_[^<]*)</code>', page).group(1)
        assert "&lt;b&gt;notebook" in page and closed(server, bearer(token)).status == 200
        assert token not in browser.open("/account")
        id = re.search(r"/account/tokens/(\w+)/revoke", browser.page).group(1)
        browser.open(f"/account/tokens/{id}/revoke", {"csrf": csrf})
        refused(closed(server, bearer(token)), 401)
        refused(server.request("POST", "/logout", headers=who), 403)
        assert closed(server, who).status == 200
        browser.open("/account")
        assert ">Sign in</a>" in browser.submit()
        gone = refused(closed(server, who), 401)
        assert "Max-Age=0" in gone.headers["Set-Cookie"], gone.headers
        assert "recorte" not in cookies(browser)
    trail = json.loads(command(tmp, "audit", "--user", "alice@illinois.edu", "--json").stdout)
    assert {"login", "logout", "token", "submit", "cutout", "refusal"} <= {e["act"] for e in trail}, trail
    login, = [e for e in trail if e["act"] == "login"]
    assert (login["method"], login["object"], login["outcome"], login["address"]) == ("oidc", "test", "ok", "127.0.0.1")
    log = (tmp / "server.log").read_text() + json.dumps(trail)
    for secret in (who["Cookie"].split("=")[1], token, csrf, "code="):
        assert secret not in log, [l for l in log.splitlines() if secret in l]


def raw(server, path, cookie=None):
    return server.request("GET", path, headers={"Cookie": cookie} if cookie else {})


def what_is_forged_is_refused(tmp):
    with signing_in(tmp) as (server, there):
        browser = Browser(server.url + "/login/callback")  # which never comes there by itself

        def set_out(return_to="/account"):
            """What the provider says on the way back, the cookie of the browser that went, and the nonce."""
            begun = raw(server, "/login/start/test?return=" + urllib.parse.quote(return_to))
            assert begun.status == 303, begun.text
            where, cookie = begun.headers["Location"], begun.headers["Set-Cookie"].split(";")[0]
            browser.stopped = None
            browser.open(where)
            if browser.stopped is None:
                browser.sign_in("alice")
            return dict(browser.stopped), cookie, urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)["nonce"][0]

        def come_back(says, cookie, to="test", **other):
            query = urllib.parse.urlencode({k: v for k, v in {**says, **other}.items() if v is not None})
            answer = raw(server, f"/login/callback/{to}?{query}", cookie)
            if answer.status != 303:
                assert "recorte=" not in (answer.headers["Set-Cookie"] or ""), answer.headers
            return answer

        said, cookie, _ = set_out()
        for case in ({"cookie": None}, {"cookie": "recorte-login=" + "0" * 64}, {"state": said["state"] + "0"}, {"state": None}):
            refused(come_back(said, **{"cookie": cookie, **case}), 403, "did not begin in this browser")
        refused(come_back(said, cookie, to="other"), 403, "another provider")
        done = come_back(said, cookie)
        assert done.status == 303 and done.headers["Location"] == server.url + "/account", done.text
        fields = done.headers.get_all("Set-Cookie")
        assert any(re.fullmatch(r"recorte=\w{64}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax", f) for f in fields), fields
        refused(come_back(said, cookie), 403, "taken already")
        for wrong, sentence in (({"code": "another"}, "invalid_grant"), ({"iss": "https://evil.example"}, "(iss)"),
                                ({"iss": None}, "(iss)"), ({"code": None, "error": "access_denied"}, "access_denied")):
            said, cookie, _ = set_out()
            refused(come_back(said, cookie, **wrong), 403, sentence)
        for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
            said, cookie, _ = set_out(elsewhere)
            assert come_back(said, cookie).headers["Location"] == server.url + "/"
        # An ID token that came from the token endpoint is still checked.
        good = {"iss": there.issuer, "sub": "http://cilogon.org/serverA/users/1001", "aud": "recorte", "iat": 1, "exp": 4102444800}
        for other, key, sentence in (({}, "rsa", None), ({"nonce": "another"}, "rsa", "(nonce)"), ({"aud": "other"}, "rsa", "(aud)"),
                                     ({"iss": "https://other.example"}, "rsa", "another issuer"), ({"exp": 2}, "rsa", "is over"),
                                     ({"sub": "somebody"}, "rsa", "two things"), ({}, "rogue", "not signed")):
            said, cookie, nonce = set_out()
            token = there.sign({**good, "nonce": nonce, **other}, {"typ": "JWT"}, key)
            there.tell("answers", {"/token": {"id_token": token}})
            answer = come_back(said, cookie)
            there.tell("answers", {})
            if sentence is None:
                assert answer.status == 303, answer.text
            else:
                refused(answer, 403, sentence)
        said, cookie, _ = set_out()
        there.stop()
        assert "Begin again" in refused(come_back(said, cookie), 503).text
    refusals = json.loads(command(tmp, "audit", "--act", "refusal", "--json").stdout)
    assert len(refusals) == 17 and {e["object"] for e in refusals} == {"test", "other"}, refusals


def what_ends_a_session_ends_it_at_once(tmp):
    with signing_in(tmp) as (server, there):
        first, second = signed_in(server, "carol"), signed_in(server, "carol")
        assert session(first) != session(second)
        ids = re.findall(r"/account/sessions/(\w+)/end", second.open("/account"))
        assert len(ids) == 2 and "This browser." in second.page
        second.open(f"/account/sessions/{ids[1]}/end", {"csrf": csrf_of(second.page)})
        refused(closed(server, session(first)), 401)
        assert closed(server, session(second)).status == 200, "lsst and des are objects there"
        bob = signed_in(server, "bob")
        refused(closed(server, session(bob)), 403, "group us")
        command(tmp, "user", "groups", "bob", "--add", "us")
        assert closed(server, session(bob)).status == 200
        command(tmp, "user", "disable", "bob")
        refused(closed(server, session(bob)), 403)
        browser = Browser(NOWHERE)
        browser.open(server.url + "/login/start/test")
        try:
            page = browser.sign_in("bob")
        except AssertionError as error:
            page = str(error)
        assert ": 403 " in page and "Not signed in" in page, page

        def said():
            return [e for e in json.loads(command(tmp, "audit", "--act", "refusal", "--json").stdout) if e["method"] == "oidc"]
        assert "switched off" in wait_until(said, "the refusal in the trail")[0]["detail"]
        command(tmp, "user", "remove", "carol@linea.org.br")
        refused(closed(server, session(second)), 401)


def a_password_signs_in(tmp):
    with serving(tmp, surveys=sky(tmp), config="[auth]\npasswords = true\n") as server:
        command(tmp, "user", "add", "ana", "--groups", "us")
        done = subprocess.run([RECORTE, "user", "password", "ana", "--data", tmp / "data"], input=b"right horse battery\n",
                              capture_output=True, timeout=60)
        assert done.returncode == 0, done
        browser = Browser(NOWHERE)
        browser.open(server.url + "/login?return=/account")
        browser.submit(user="ana", password="right horse battery")
        assert browser.url == server.url + "/account" and ">us<" in browser.page, browser.page
        assert closed(server, session(browser)).headers["X-VO-Authenticated"] == "ana"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        page = server.get("/login")
        cookie = page.headers["Set-Cookie"].split(";")[0]
        right = {"user": "ana", "password": "right horse battery", "csrf": csrf_of(page.text)}

        def post(fields, cookie):
            return server.request("POST", "/login", body=urllib.parse.urlencode(fields), headers={**form, "Cookie": cookie})
        refused(post({**right, "csrf": "0" * 64}, cookie), 403, "try again")
        refused(post(right, "recorte-login=" + "0" * 64), 403, "try again")
        wrong = refused(post({**right, "password": "wrong horse"}, cookie), 401, 'role="alert"')
        assert "wrong horse" not in wrong.text and "recorte=" not in wrong.headers["Set-Cookie"]
        assert post(right, cookie).status == 303
    trail = json.loads(command(tmp, "audit", "--user", "ana", "--act", "login", "--json").stdout)
    assert {e["method"] for e in trail} == {"password"} and "horse" not in (tmp / "server.log").read_text(), trail


def a_terminal_signs_in(tmp):
    with signing_in(tmp) as (server, there):
        terminal = subprocess.Popen([RECORTE, "login", server.url, "--name", "observatory"], stdout=subprocess.PIPE, text=True,
                                    env={**os.environ, **home(tmp)})
        line = terminal.stdout.readline()
        where, code = re.fullmatch(r"Open (\S+) in a browser, on any machine, and enter the code (\S+)\n", line).groups()
        assert where == there.issuer + "/device", line
        there.approve_device(code, "alice")
        out, _ = terminal.communicate(timeout=60)
        assert terminal.returncode == 0 and "as alice@illinois.edu" in out, out
        token = run("whoami", "--token", env=home(tmp)).stdout.decode().strip()
        assert token.startswith("rct_") and token not in out
        assert closed(server, bearer(token)).status == 200
        mine, = server.request("GET", "/api/v1/tokens", headers=bearer(token)).json["tokens"]
        assert (mine["name"], mine["scopes"]) == ("observatory", ["read", "submit"])
        run("logout", env=home(tmp))
        refused(closed(server, bearer(token)), 401)
        refused(server.request("POST", "/api/v1/login/token", body="handle=forged",
                               headers={"Content-Type": "application/x-www-form-urlencoded"}), 403)
    trail = json.loads(command(tmp, "audit", "--user", "alice@illinois.edu", "--json").stdout)
    assert ["token", "cutout", "token", "login"] == [e["act"] for e in trail][:4], [e["act"] for e in trail]
    assert token not in (tmp / "server.log").read_text() and token not in json.dumps(trail)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
