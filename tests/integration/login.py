"""How people sign in with a browser and from a terminal, and what is theirs: tokens and sessions."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import stat
import subprocess
import sys

from harness import RECORTE, main, run, says
from identity import bearer, closed, command, refused, sky, user
from serving import serving


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
    assert [e["outcome"] for e in acts] == ["ok", "ok", "usage"] or len(acts) >= 3, acts
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


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
