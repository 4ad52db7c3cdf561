"""`recorte user`, `token`, `grant`, `quota` and `audit`, with a server that runs and without."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import json
import os
import pty
import re
import select
import socket
import sqlite3
import stat
import subprocess
import sys
import time

from harness import RECORTE, main, run, says
from postgres import postgres
from serving import serving, wait_until

PASSWORD = "correct horse battery"


class Desk:
    """The commands of one data directory or configuration."""

    def __init__(self, *options):
        self.options = options

    def __call__(self, *words, status=0):
        return run(*words, *self.options, status=status)

    def text(self, *words):
        return self(*words).stdout.decode()

    def json(self, *words):
        return json.loads(self.text(*words, "--json"))

    def token(self, *words):
        """Id and text of a new one."""
        said = self.text("token", "create", *words).split()
        assert re.fullmatch(r"rct_[A-Za-z0-9_-]{43}", said[-1]), said
        return said[2], said[-1]

    def acts(self, *words):
        return [(e["act"], e["object"], e["detail"]) for e in reversed(self.json("audit", *words))]


def _users(desk):
    desk("user", "add", "ada", "--groups", "des,lsst", "--email", "ada@example.org")
    desk("user", "add", "root", "--admin")
    desk("user", "add", "portal", "--service")
    says(desk("user", "add", "ADA", status=2), "capitals")
    says(desk("user", "add", "anonymous", status=2), "anonymous")
    says(desk("user", "show", "eve", status=3), "no account 'eve'")
    names = [u["name"] for u in desk.json("user", "list")]
    assert sorted(names) == ["ada", "portal", "root"], names
    ada = desk.json("user", "show", "ada")
    assert ada["groups"] == ["des", "lsst"] and ada["enabled"] and not ada["password"] and ada["tokens"] == 0, ada
    assert desk.text("user", "groups", "ada", "--add", "kids", "--remove", "lsst") == "ada is in des, kids\n"
    assert desk.text("user", "groups", "ada") == "ada is in des, kids\n"
    says(desk("user", "groups", "ada", "--add", "survey:x", status=2), "survey:")
    desk("user", "disable", "ada")
    assert not desk.json("user", "show", "ada")["enabled"]
    desk("user", "enable", "ada")
    desk("user", "link", "ada", "--source", "https://id.example.org", "--subject", "7")
    says(desk("user", "link", "root", "--source", "https://id.example.org", "--subject", "7", status=2), "ada")
    grants = [g["grant"] for g in desk.json("grant", "list")]
    assert grants == ["user root may admin on service"], grants


def _tokens_and_grants(desk):
    first, secret = desk.token("--user", "ada", "--name", "laptop", "--scopes", "read,survey:demo", "--expires", "90d")
    second, _ = desk.token("--user", "portal")
    says(desk("token", "create", "--user", "eve", status=3), "eve")
    says(desk("token", "create", "--user", "ada", "--scopes", "fly", status=2), "fly")
    listed = {t["id"]: t for t in desk.json("token", "list")}
    assert set(listed) == {first, second}, listed
    assert listed[first]["scopes"] == ["read", "survey:demo"] and listed[first]["expires"], listed
    assert listed[second]["scopes"] == ["read", "submit"] and listed[second]["expires"] is None, listed
    desk("token", "revoke", first)
    assert desk.json("token", "list", "--user", "ada")[0]["revoked"]
    says(desk("token", "revoke", "none", status=3), "none")
    desk("grant", "add", "group des may read on survey demo")
    desk("grant", "add", "service", "portal", "may", "act", "on", "user", "ada")
    says(desk("grant", "add", "anyone may admin on service", status=2), "admin")
    desk("grant", "remove", "group des may read on survey demo")
    says(desk("grant", "remove", "group des may read on survey demo", status=3), "not granted")
    return secret


def _all_is_in_the_trail(desk, secret):
    acts = desk.acts()
    assert acts[0] == ("admin", "ada", "made the account, in des, lsst"), acts
    assert ("admin", "root", "made the account; granted: user root may admin on service") in acts, acts
    assert [a for a in acts if a[0] == "token"][2][2] == "revoked", acts
    assert ("admin", "group des may read on survey demo", "no longer granted") in acts, acts
    assert desk.acts("--user", f"unix:{os.getuid()}") == acts
    assert desk.acts("--act", "token", "--limit", "1")[0][2] == "revoked"
    assert desk.acts("--since", "2000-01-01") == acts and desk.acts("--until", "2000-01-01") == []
    says(desk("audit", "--since", "soon", status=2), "soon")
    assert secret not in desk.text("audit") and "revoked" in desk.text("audit")


def commands_on_sqlite(tmp):
    desk = Desk("--data", tmp / "data")
    _users(desk)
    secret = _tokens_and_grants(desk)
    _all_is_in_the_trail(desk, secret)
    key = tmp / "data" / "auth.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for file in (tmp / "data").iterdir():
        assert secret.encode() not in file.read_bytes(), f"a token is in clear in {file}"
    key.chmod(0o644)
    says(desk("token", "create", "--user", "ada", status=5), "auth.key", "chmod 600")
    desk("user", "remove", "ada")
    assert [u["name"] for u in desk.json("user", "list")] == ["portal", "root"]
    assert desk.json("token", "list", "--user", "ada") == []
    assert [g["grant"] for g in desk.json("grant", "list")] == ["user root may admin on service"]


def commands_on_postgresql(tmp):
    with postgres() as server:
        (tmp / "pg.toml").write_text(f'data = "{tmp / "data"}"\n[database]\nurl = "{server.database()}"\n')
        desk = Desk("--config", tmp / "pg.toml")
        says(desk("user", "list", status=6), "recorte db migrate")
        desk("db", "migrate")
        _users(desk)
        _all_is_in_the_trail(desk, _tokens_and_grants(desk))
        desk("user", "remove", "ada")
        assert [u["name"] for u in desk.json("user", "list")] == ["portal", "root"]
        # As docs/how-to/manage-users.md has it: one who may add to the trail and not alter it.
        server.query("recorte", "create role recorte_server login")
        server.query("recorte", "grant select, insert, update, delete on all tables in schema public to recorte_server")
        server.query("recorte", "revoke update, delete on audit from recorte_server")
        (tmp / "less.toml").write_text((tmp / "pg.toml").read_text().replace("postgres@", "recorte_server@"))
        less = Desk("--config", tmp / "less.toml")
        less("user", "add", "zoe")
        assert less.acts()[-1] == ("admin", "zoe", "made the account")
        assert server.query("recorte", "select has_table_privilege('recorte_server', 'audit', 'update')") == "f"


def passwords_are_never_words_of_a_command(tmp):
    desk = Desk("--data", tmp / "data")
    desk("user", "add", "ada")

    def given(text, status=0):
        done = subprocess.run([RECORTE, "user", "password", "ada", *map(str, desk.options)], input=text.encode(),
                              capture_output=True, timeout=60)
        assert done.returncode == status, done
        return done

    given(PASSWORD + "\n")
    assert desk.json("user", "show", "ada")["password"]
    says(given("short\n", status=2), "12")
    says(given("", status=2), "no password")
    with contextlib.closing(sqlite3.connect(tmp / "data" / "recorte.sqlite")) as connection:
        kept = connection.execute("select password from account").fetchone()[0]
    assert kept.startswith("$argon2id$") and PASSWORD not in kept
    assert PASSWORD not in desk.text("audit")
    desk("user", "password", "ada", "--none")
    assert not desk.json("user", "show", "ada")["password"]


def a_terminal_shows_no_password(tmp):
    desk = Desk("--data", tmp / "data")
    desk("user", "add", "ada")
    child, terminal = pty.fork()
    if child == 0:
        os.execv(RECORTE, [RECORTE, "user", "password", "ada", *map(str, desk.options)])
    seen = b""

    def until(what):
        nonlocal seen
        end = time.monotonic() + 60
        while what not in seen:
            assert time.monotonic() < end and select.select([terminal], [], [], 60)[0], seen
            seen += os.read(terminal, 1000)

    until(b"password: ")
    os.write(terminal, PASSWORD.encode() + b"\n")
    until(b"again: ")
    os.write(terminal, PASSWORD.encode() + b"\n")
    until(b"new password")
    assert os.waitpid(child, 0)[1] == 0
    assert PASSWORD.encode() not in seen
    assert desk.json("user", "show", "ada")["password"]


def a_quota_is_told(tmp):
    (tmp / "recorte.toml").write_text(f'data = "{tmp / "data"}"\n[quota.everyone]\njobs = 5\n[quota.groups.des]\njobs = 50\n')
    desk = Desk("--config", tmp / "recorte.toml")
    desk("user", "add", "ada", "--groups", "des")
    desk("user", "add", "bea")
    limit = lambda name: {q["name"]: q["limit"] for q in desk.json("quota", "show", name)["quotas"]}
    assert limit("ada") == {"jobs": 50} and limit("bea") == {"jobs": 5}, (limit("ada"), limit("bea"))
    assert "jobs" in desk.text("quota", "show", "ada")
    says(desk("quota", "show", "eve", status=3), "eve")
    desk("quota", "show", "anonymous")


class OverSocket(http.client.HTTPConnection):
    def __init__(self, file):
        super().__init__("localhost", timeout=60)
        self.file = file

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.file))


def _ask(tmp, method, path, body=None, status=200):
    """The answer of the operator's interface."""
    with contextlib.closing(OverSocket(tmp / "data" / "admin.sock")) as connection:
        connection.request(method, "/api/v1/admin/" + path, json.dumps(body) if body else None)
        response = connection.getresponse()
        answer = json.loads(response.read())
        assert response.status == status, (response.status, answer)
        return answer


def over_the_operators_interface(tmp):
    desk = Desk("--data", tmp / "data")
    with serving(tmp) as server:
        ada = _ask(tmp, "POST", "users", {"name": "ada", "groups": ["des"], "email": "a@example.org"}, 201)
        assert ada["groups"] == ["des"] and ada["enabled"], ada
        assert "capitals" in _ask(tmp, "POST", "users", {"name": "ADA"}, 400)["detail"]
        assert "'groups'" in _ask(tmp, "POST", "users", {"name": "b", "groups": "des"}, 400)["detail"]
        assert "fly" in _ask(tmp, "POST", "users", {"name": "b", "fly": True}, 400)["detail"]
        assert not _ask(tmp, "POST", "users/ada", {"enabled": False})["enabled"]
        assert _ask(tmp, "POST", "users/ada", {"enabled": True, "groups": ["kids"]})["groups"] == ["kids"]
        _ask(tmp, "POST", "users/ada/identities", {"source": "https://id.example.org", "subject": "7"})
        made = _ask(tmp, "POST", "tokens", {"user": "ada", "scopes": ["read"], "expires": "90d"}, 201)
        assert re.fullmatch(r"rct_[A-Za-z0-9_-]{43}", made["token"]) and made["scopes"] == ["read"], made
        _ask(tmp, "POST", "tokens", {"user": "eve"}, 404)
        # What the commands do counts at once for the server, and the other way round.
        other, _ = desk.token("--user", "ada")
        listed = _ask(tmp, "GET", "tokens?user=ada")["tokens"]
        assert {t["id"] for t in listed} == {made["id"], other} and "token" not in listed[0], listed
        _ask(tmp, "DELETE", "tokens/" + other)
        assert {t["id"]: bool(t["revoked"]) for t in desk.json("token", "list")} == {made["id"]: False, other: True}
        sentence = {"grant": "group des may read on survey demo"}
        _ask(tmp, "POST", "grants", sentence)
        assert _ask(tmp, "GET", "grants")["grants"] == [{**sentence, "by": "command"}]
        _ask(tmp, "DELETE", "grants", sentence)
        _ask(tmp, "DELETE", "grants", sentence, 404)
        _ask(tmp, "POST", "maintenance", {"message": "back at noon"})
        _ask(tmp, "DELETE", "users/ada")
        assert _ask(tmp, "GET", "users") == {"users": []}
        me = f"unix:{os.getuid()}"
        last = lambda: [e["detail"] for e in _ask(tmp, "GET", "audit?object=ada&limit=1")["events"]]
        wait_until(lambda: last() == ["removed the account"], "the last act is in the trail")
        events = _ask(tmp, "GET", f"audit?user={me}&limit=1000")
        assert events["lost"] == 0
        seen = [(e["act"], e["outcome"], e["object"], e["detail"]) for e in reversed(events["events"])]
        for event in [("admin", "ok", "ada", "made the account"), ("admin", "ok", "ada", "disabled the account"),
                      ("token", "ok", made["id"], "made for ada"), ("token", "ok", other, "revoked"),
                      ("admin", "ok", sentence["grant"], "granted"),
                      ("admin", "ok", sentence["grant"], "no longer granted")]:
            assert event in seen, (event, seen)
        assert ("admin", "usage", "ADA") in [e[:3] for e in seen] or any(e[1] == "usage" for e in seen), seen
        assert any("maintenance" in e[2] for e in seen), seen
        assert all(e["request_id"] for e in events["events"] if e["method"] == "socket"), events
        assert made["token"] not in json.dumps(events)
        _ask(tmp, "GET", "audit?limit=0", status=400)
        _ask(tmp, "GET", "audit?who=ada", status=400)
        assert _ask(tmp, "GET", "audit?until=2000-01-01")["events"] == []
        assert server.metric("recorte_audit_lost_total") == 0


def the_doctor_looks_at_secret_and_admins(tmp):
    desk = Desk("--data", tmp / "data")

    def looked():
        done = subprocess.run([RECORTE, "doctor", "--json", *map(str, desk.options)], capture_output=True, timeout=120)
        return {c["name"]: c for c in json.loads(done.stdout)["checks"]}

    assert "none yet" in looked()["secret"]["what"]
    assert "nobody" in looked()["admins"]["what"]
    desk("user", "add", "root", "--admin")
    desk.token("--user", "root")
    now = looked()
    assert now["admins"]["what"] == "user root may admin on service" and now["secret"]["ok"], now
    (tmp / "data" / "auth.key").chmod(0o644)
    assert not looked()["secret"]["ok"] and "chmod 600" in looked()["secret"]["remedy"]


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
