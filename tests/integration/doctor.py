"""`recorte doctor`: green where all is well, and red with its remedy where something is not."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import os
import shutil
import socket
import subprocess
import sys

from harness import DEMO, DEMO_SURVEYS, Skip, main, run
from serving import serving


def look(tmp, *arguments, status=None, config=None):
    """Name → check. All is well where the status is 0."""
    if config is not None:
        (tmp / "doctor.toml").write_text(config)
        arguments = [*arguments, "--config", tmp / "doctor.toml"]
    if "--surveys" not in arguments:
        arguments = [*arguments, "--surveys", DEMO_SURVEYS]
    done = run("doctor", "--data", tmp / "data", "--json", *arguments, status=status)
    answer = json.loads(done.stdout)
    assert answer["ok"] == (status == 0) == all(c["ok"] for c in answer["checks"]), answer
    return {check["name"]: check for check in answer["checks"]}


def ill(checks, name, *parts):
    """The only one that is ill, and what it says."""
    check = checks[name]
    assert not check["ok"] and check["remedy"], checks
    for part in parts:
        assert part in check["what"] + " | " + check["remedy"], check
    others = [c for c in checks.values() if not c["ok"] and c["name"] not in (name, "server")]
    assert not others, others


def files_of(directory):
    return sorted((str(p), p.stat().st_mtime_ns) for p in directory.rglob("*"))


def all_is_well_while_a_server_runs(tmp):
    with serving(tmp) as server:
        assert server.cutout().status == 200
        checks = look(tmp, status=0)
        assert {"configuration", "data directory", "database", "results", "workers", "plugins", "survey demo", "server",
                "base URL", "authentication", "mail"} <= set(checks), checks
        assert "anonymous" in checks["authentication"]["what"]
        text = run("doctor", "--data", tmp / "data", "--surveys", DEMO_SURVEYS).stdout.decode()
        assert all(line.startswith("ok  ") for line in text.splitlines()) and "\033" not in text, text
        assert run("admin", "maintenance", "on", "back soon", "--data", tmp / "data")
        ill(look(tmp, status=1), "server", "back soon", "recorte admin maintenance off")
        assert server.get("/api/v1/surveys").status == 200
        run("admin", "maintenance", "off", "--data", tmp / "data")
        look(tmp, status=0, config=f'[server]\nbase_url = "{server.url}"\n')
        ill(look(tmp, status=1, config=f'[server]\nbase_url = "{server.url}/elsewhere"\n'), "base URL", "404")


def nothing_is_changed_where_no_server_runs(tmp):
    checks = look(tmp, status=1)
    ill(checks, "server", "recorte serve")
    assert not (tmp / "data").exists()
    with serving(tmp):
        pass
    before = files_of(tmp / "data")
    ill(look(tmp, status=1), "server")
    after = files_of(tmp / "data")
    names = lambda files: [n for n, _ in files if not n.endswith(("-wal", "-shm"))]
    assert names(before) == names(after)


def a_database_that_is_down_is_said(tmp):
    config = f'[database]\nurl = "postgresql://recorte@{str(tmp).replace("/", "%2F")}/recorte"\n'
    ill(look(tmp, status=1, config=config), "database", "start PostgreSQL")


def a_configuration_that_is_wrong_is_said(tmp):
    checks = look(tmp, status=1, config="[server]\nlisen = 'x'\n")
    assert list(checks) == ["configuration"]
    ill(checks, "configuration", "doctor.toml:2", "listen")


def a_disk_that_is_full_or_read_only_is_said(tmp):
    small = tmp / "small"
    small.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "recorte-test", small],
                                           capture_output=True).returncode != 0:
        raise Skip("this user may not mount a tmpfs")
    try:
        config = f'[results]\ndirectory = "{small}/results"\n'
        ill(look(tmp, status=1, config=config), "results", "MiB free", "results.most_bytes")
        subprocess.run(["mount", "-o", "remount,ro,size=2g", small], check=True)
        ill(look(tmp, status=1, config=config), "results", "Read-only", "chown")
    finally:
        subprocess.run(["umount", "-l", small], check=False)


def results_of_another_database_are_said(tmp):
    with serving(tmp):
        pass
    (tmp / "data" / "jobs" / ".database").write_text("another\n")
    ill(look(tmp, status=1), "results", "another database", ".database")


def a_survey_that_is_broken_is_said(tmp):
    shutil.copytree(DEMO, tmp / "demo")
    surveys = tmp / "demo" / "surveys.d"
    (surveys / "broken.toml").write_text('plugin = "tiles"\ntitle = \n')
    checks = look(tmp, "--surveys", surveys, status=1)
    ill(checks, "survey broken", "broken.toml", "recorte admin survey off broken")
    assert checks["survey demo"]["ok"]
    (surveys / "broken.toml").unlink()
    shutil.rmtree(tmp / "demo" / "sky")
    ill(look(tmp, "--surveys", surveys, status=1), "survey demo", "No such file", "the files that")


def a_mail_server_that_refuses_is_said(tmp):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    config = f'[mail]\nserver = "smtp://127.0.0.1:{port}"\nplain = true\nfrom = "r@example.org"\ndomains = ["*"]\n'
    ill(look(tmp, status=1, config=config), "mail", str(port), "[mail] server")


def others_are_told_the_public_url(tmp):
    ill(look(tmp, status=1, config='[server]\nlisten = "0.0.0.0:8080"\n'), "base URL", "base_url")
    ill(look(tmp, status=1, config='[server]\nbase_url = "http://cutouts.example.org"\n'), "base URL", "not encrypted")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
