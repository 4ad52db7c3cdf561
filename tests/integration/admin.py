"""The operator's hand: `recorte admin`, its socket, maintenance, drains, surveys that are off."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import json
import os
import pathlib
import pwd
import signal
import socket
import stat
import subprocess
import sys

from batches import a_list, ended, path, state, submit
from harness import RECORTE, Skip, main, run, says
from postgres import postgres
from serving import PATIENCE, serving, wait_until

LONG = 4000  # products of a job that does not end while a test looks at it


def admin(tmp, *words, status=0):
    return run("admin", *words, "--data", tmp / "data", status=status)


def ask(tmp, *words):
    """The answer of `recorte admin … --json`."""
    return json.loads(admin(tmp, *words, "--json").stdout or "null")


def refused(answer, status, *parts):
    assert answer.status == status, (answer.status, answer.text)
    for part in parts:
        assert part in answer.json["detail"], answer.text
    return answer


def post(server, path):
    return server.request("POST", path)


def begun(server, job):
    wait_until(lambda: (now := state(server, job))["done"] > 0 and now, "its first products")


def maintenance_lets_what_runs_end_and_takes_nothing_new(tmp):
    with serving(tmp) as server:
        running = submit(server, a_list(300), size="100px")
        idle = submit(server, a_list(3), run="false")
        waits = submit(server, a_list(LONG), size="200px")
        admin(tmp, "hold", waits["id"])
        begun(server, running)
        assert admin(tmp, "maintenance").stdout == b"maintenance: no\n"
        assert ask(tmp, "maintenance", "on", "back at noon")["maintenance"]["message"] == "back at noon"
        answer = refused(server.cutout(), 503, "back at noon")
        assert int(answer.headers["Retry-After"]) > 0
        sync = server.sync(ID="demo", CIRCLE="0.055 10.005 0.004")
        assert sync.status == 503 and sync.text.startswith("ServiceUnavailable: ") and "back at noon" in sync.text
        refused(server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px"}, a_list(2),
                               {"Content-Type": "text/csv"}), 503, "back at noon")
        refused(post(server, path(idle) + "/run"), 503, "back at noon")
        assert ask(tmp, "release", waits["id"])["phase"] == "QUEUED"
        ready = server.get("/readyz")
        assert ready.status == 200 and "back at noon" in ready.json["checks"]["maintenance"]
        available = server.get("/availability").text
        assert "<vosi:available>false<" in available and "back at noon" in available
        assert "back at noon" in server.get("/").text
        assert server.get("/api/v1/surveys").status == 200
        assert ended(server, running)["ok"] == 300
        assert state(server, waits)["phase"] == "QUEUED", "what waits stays where it is"
        assert server.get(path(running) + "/products.zip").status == 200
        refused(post(server, path(running) + "/rerun"), 503, "back at noon")
        admin(tmp, "maintenance", "off")
        assert server.cutout().status == 200
        begun(server, waits)
        admin(tmp, "cancel", waits["id"])
        assert post(server, path(idle) + "/run").status == 200
        ended(server, idle)
        says(admin(tmp, "maintenance", "off", status=3), "no maintenance")
        acts = [line for line in server.log_lines() if line["message"].startswith("an admin did")]
        assert [line["user"] for line in acts] == [f"unix:{os.geteuid()}"] * len(acts) and len(acts) == 5, acts


def an_admin_holds_releases_moves_stops_and_removes(tmp):
    config = "[workers]\nbatch = 1\n[anonymous]\nlist = true\n"
    with serving(tmp, config=config) as server:
        first = submit(server, a_list(LONG), size="200px")
        begun(server, first)
        waits = submit(server, a_list(20))
        assert [row["owner"] for row in ask(tmp, "jobs")["jobs"]] == ["anonymous"] * 2
        assert ask(tmp, "jobs", "--owner", "nobody")["jobs"] == []
        says(admin(tmp, "hold", "0" * 32, status=3), "0" * 32)

        moved = ask(tmp, "move", waits["id"], "--priority", "priority", "--place", "7")
        assert (moved["priority"], moved["place"]) == ("priority", 7)
        says(admin(tmp, "move", waits["id"], "--priority", "first", status=2), "first", "background")
        queue = {row["id"]: row for row in ask(tmp, "queue")["queue"]}
        assert queue[first["id"]]["phase"] == "EXECUTING" and queue[first["id"]]["class"] == "normal"

        held = submit(server, a_list(LONG), size="200px")
        assert admin(tmp, "hold", held["id"]).stdout.decode() == f"{held['id']} HELD\n"
        assert ask(tmp, "job", held["id"])["hold"] == "admin"
        refused(post(server, path(held) + "/run"), 403, "held by the operator")
        assert state(server, held)["phase"] == "HELD"
        admin(tmp, "release", held["id"])
        assert state(server, held)["phase"] in ("QUEUED", "EXECUTING")
        says(admin(tmp, "release", held["id"], status=2), "not HELD")

        admin(tmp, "cancel", first["id"])
        assert state(server, first)["phase"] == "ABORTED"
        admin(tmp, "cancel", held["id"])
        assert ended(server, waits)["ok"] == 20
        admin(tmp, "delete", first["id"])
        assert server.get(path(first)).status == 404
        says(admin(tmp, "delete", first["id"], status=3), first["id"])


def a_survey_that_is_off_says_why(tmp):
    with serving(tmp) as server:
        accepted = submit(server, a_list(LONG), size="200px")
        begun(server, accepted)
        says(admin(tmp, "survey", "off", "dem", "?", status=3), "'dem'")
        admin(tmp, "survey", "off", "demo", "the disk is away")
        refused(server.cutout(), 503, "'demo'", "the disk is away")
        refused(server.get("/api/v1/images", {"survey": "demo", "ra": 0.055, "dec": 10.005, "size": "8px"}), 503,
                "the disk is away")
        refused(server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px"}, a_list(2),
                               {"Content-Type": "text/csv"}), 503, "the disk is away")
        by_row = b"ra,dec,size,survey\n0.055,10.005,32px,demo\n"
        refused(server.request("POST", "/api/v1/jobs", {"format": "fits"}, by_row, {"Content-Type": "text/csv"}), 503,
                "the disk is away")
        card = server.get("/api/v1/surveys/demo").json
        assert (card["available"], card["message"]) == (False, "the disk is away")
        assert "the disk is away" in server.get("/").text
        assert server.get("/readyz").status == 200
        done = state(server, accepted)["done"]
        wait_until(lambda: state(server, accepted)["done"] > done, "what was accepted goes on")
        assert b"off: the disk is away" in admin(tmp, "survey").stdout
        admin(tmp, "survey", "on", "demo")
        assert server.cutout().status == 200
        assert server.get("/api/v1/surveys/demo").json["available"] is True
        admin(tmp, "cancel", accepted["id"])


def switches_outlive_the_server(tmp):
    with serving(tmp):
        admin(tmp, "maintenance", "on", "for long")
        admin(tmp, "drain")
        assert ask(tmp, "servers")["servers"][0]["draining"] is True
    with serving(tmp) as server:
        refused(server.cutout(), 503, "for long")
        admin(tmp, "maintenance", "off")
        assert ask(tmp, "servers")["servers"][0]["draining"] is False, "a drain ends with its server"
        assert server.get("/readyz").status == 200


def a_drained_server_leaves_jobs_to_the_other(tmp):
    with postgres() as database:
        config = f'[database]\nurl = "{database.database()}"\n[results]\ndirectory = "{tmp / "results"}"\n'
        a_tmp, b_tmp = tmp / "a", tmp / "b"
        a_tmp.mkdir(), b_tmp.mkdir()
        (tmp / "recorte.toml").write_text(config)
        run("db", "migrate", "--config", tmp / "recorte.toml")
        with serving(a_tmp, config=config) as a, serving(b_tmp, config=config) as b:
            servers = wait_until(lambda: len(s := ask(a_tmp, "servers")["servers"]) == 2 and s, "both are known")
            assert all(s["alive"] for s in servers), servers
            assert {s["url"] for s in servers} == {a.url, b.url}
            a_name, b_name = [next(s["name"] for s in servers if s["url"] == each.url) for each in (a, b)]
            mine = submit(a, a_list(1500), size="200px")
            wait_until(lambda: ask(a_tmp, "job", mine["id"])["server"] != "", "somebody has it")
            assert b"takes new jobs: no" in admin(a_tmp, "drain").stdout
            ready = a.get("/readyz")
            assert ready.status == 503 and ready.json["checks"]["draining"] != "ok"
            assert a.cutout().status == 200, "who waits is still answered"
            assert b.get("/readyz").status == 200
            new = submit(a, a_list(40))
            end = wait_until(lambda: (now := ask(b_tmp, "job", new["id"]))["phase"] == "COMPLETED" and now, "b makes it", 120)
            assert end["ok"] == 40
            assert b_name in b.log.read_text() or end["server"] in ("", b_name), end
            assert ended(a, mine)["ok"] == 1500
            # Both of them: nobody takes it until one does again.
            admin(a_tmp, "drain", b_name)
            wait_until(lambda: b.get("/readyz").status == 503, "b has heard")
            left = submit(b, a_list(5))
            assert state(b, left)["phase"] == "QUEUED"
            assert {s["draining"] for s in ask(b_tmp, "servers")["servers"]} == {True}
            admin(b_tmp, "undrain", a_name)
            assert ended(b, left)["ok"] == 5


def only_the_servers_user_opens_its_socket(tmp):
    with serving(tmp):
        there = os.stat(tmp / "data" / "admin.sock")
        assert stat.S_ISSOCK(there.st_mode) and stat.S_IMODE(there.st_mode) == 0o600 and there.st_uid == os.geteuid()
        if os.geteuid() != 0:
            raise Skip("this user may become nobody else")
        # Reached by somebody else, who may pass through every directory above it.
        for directory in [tmp, tmp / "data"]:
            directory.chmod(0o755)
        somebody = pwd.getpwnam("nobody")
        code = ("import socket, sys\n"
                "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1])\n"
                "except PermissionError: sys.exit(13)\n")
        done = subprocess.run(["/usr/bin/python3", "-c", code, tmp / "data" / "admin.sock"], user=somebody.pw_uid,
                              group=somebody.pw_gid, extra_groups=[], capture_output=True)
        assert done.returncode == 13, done
        done = subprocess.run([RECORTE, "admin", "jobs", "--data", tmp / "data"], user=somebody.pw_uid, group=somebody.pw_gid,
                              extra_groups=[], capture_output=True, text=True)
        if done.returncode != 126:  # somebody may not even run it, where the build is root's
            assert done.returncode == 5 and "run this as that user" in done.stderr, done


def a_socket_of_a_dead_server_is_replaced(tmp):
    with serving(tmp, status=-signal.SIGKILL) as server:
        server.process.kill()
        server.process.wait(PATIENCE)
    assert (tmp / "data" / "admin.sock").exists()
    says(admin(tmp, "jobs", status=6), "no server runs there", "--data")
    with serving(tmp):
        assert ask(tmp, "jobs")["jobs"] == []
    assert not (tmp / "data" / "admin.sock").exists()
    elsewhere = tmp / "elsewhere.sock"
    with serving(tmp, config=f'[admin]\nsocket = "{elsewhere}"\n') as server:
        assert run("admin", "workers", "--config", tmp / "recorte.toml", "--json")
        assert not (tmp / "data" / "admin.sock").exists()
        (tmp / "other").mkdir()
        other = subprocess.run([RECORTE, "serve", "--config", tmp / "recorte.toml", "--data", tmp / "other", "--listen",
                                "127.0.0.1:0"], capture_output=True, text=True, timeout=PATIENCE)
        assert other.returncode != 0 and "another server answers there" in other.stderr, other
        assert server.cutout().status == 200
    says(run("admin", "jobs", "--data", tmp / "nowhere", status=6), "no server runs there")


def the_routes_are_for_admins_and_on_the_socket(tmp):
    with serving(tmp) as server:
        def token(name, *options):
            return run("token", "create", "--user", name, *options, "--data", tmp / "data").stdout.decode().split()[-1]

        def ask_as(text, method="POST", path="maintenance", body='{"message": "x"}'):
            return server.request(method, "/api/v1/admin/" + path, body=body, headers={"Authorization": "Bearer " + text})
        run("user", "add", "root", "--data", tmp / "data")
        everything, less = token("root", "--scopes", "read,submit,admin"), token("root")
        assert server.get("/api/v1/admin/jobs").status == 401
        assert ask_as(everything).status == 403, "whose user is no admin"
        run("grant", "add", "user root may admin on service", "--data", tmp / "data")
        assert ask_as(less).status == 403 and "scope" in ask_as(less).text, "a token without the scope"
        assert server.cutout().status == 200
        assert ask_as(everything).status == 200
        begun = ask(tmp, "maintenance")["maintenance"]
        assert begun["by"] == "root" and begun["message"] == "x", begun
        assert server.cutout().status == 503
        assert ask_as(everything, "DELETE", body=None).status == 200
        trail = ["audit", "--act", "admin", "--user", "root", "--json", "--data", tmp / "data"]
        events = wait_until(lambda: len(e := json.loads(run(*trail).stdout)) == 2 and e, "both acts are in the trail")
        assert {e["method"] for e in events} == {"token"} and all(e["credential"] for e in events), events

        class Local(http.client.HTTPConnection):
            def connect(self):
                self.sock = socket.socket(socket.AF_UNIX)
                self.sock.connect(str(tmp / "data" / "admin.sock"))

        def ask_for(method, path, body=None):
            with contextlib.closing(Local("localhost")) as connection:
                connection.request(method, "/api/v1/admin/" + path, body)
                answer = connection.getresponse()
                return answer.status, answer.getheader("Content-Type"), json.loads(answer.read() or "null")

        assert ask_for("GET", "jobs?phase=COMPLETED&limit=5")[0] == 200
        for method, route, body in [("POST", "maintenance", "[]"), ("POST", "maintenance", '{"massage": "x"}'),
                                    ("POST", "maintenance", '{"message": "a\\nb"}'), ("GET", "jobs?ownr=x", None),
                                    ("POST", "jobs/" + "0" * 32 + "/move", "{}")]:
            status, kind, answer = ask_for(method, route, body)
            assert status == 400 and kind == "application/problem+json" and answer["detail"], (route, body, answer)
        assert ask_for("GET", "nothing")[0] == 404


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
