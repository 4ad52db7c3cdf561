"""Secrets of the server, wherever the operator keeps them: a plugin that looks through all it can reach finds none."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import os
import pathlib
import re
import subprocess
import sys

from doctor import look
from harness import main, run
from identity import sky
from pools import fenced, told
from postgres import postgres
from serving import serving
from vices import with_plugins

# Long enough to be nowhere by chance.
BY_FILE, BY_ENVIRONMENT, BY_LIBPQ = "in a file 6a8f1d", "in the environment 0b27ce", "for libpq 93d4ba"


def hunting(surveys, server, secret, files):
    """What a plugin finds that hunts for the secret, of which it is told the reverse."""
    fresh = surveys / "hunting.new"
    paths = " ".join(map(str, files))
    fresh.write_text(f'[survey]\nplugin = "vice-hunting"\n[hunt]\nreversed = "{secret[::-1]}"\nfiles = "{paths}"\npid = "{server.process.pid}"\n')
    fresh.rename(surveys / "hunting.toml")
    text = told(server, "hunting")
    assert "; descriptors:" in text, text
    found, came_along = re.search(r"found:(.*); descriptors:(.*)", text).groups()
    return found.split(), dict(re.findall(r"(\d+)=(\S+)", came_along))


def finds_nothing(server, surveys, files, *secrets):
    for path in files:
        assert os.access(path, os.R_OK), path
    for secret in secrets:
        found, _ = hunting(surveys, server, secret, files)
        assert found == ["nowhere"], (secret, found)


def secrets_are_found_by_nobody(tmp):
    """By SQLite, which keeps what it knows beside them."""
    fenced()
    surveys = sky(tmp)
    (tmp / "secret").write_text(BY_FILE + " " * 32 + "\n")
    config = f"""[auth]
secret = {{ file = "{tmp / "secret"}" }}
[mail]
server = "smtp://127.0.0.1:9"
from = "recorte@example.org"
user = "recorte"
password = {{ env = "MAIL_PASSWORD" }}
"""
    home = tmp / "home"
    home.mkdir()
    (home / ".pgpass").write_text(f"*:*:*:*:{BY_LIBPQ}\n")
    environment = {"MAIL_PASSWORD": BY_ENVIRONMENT, "PGPASSWORD": BY_LIBPQ, "HOME": str(home)}
    with serving(tmp, "--plugins", with_plugins(tmp, "hunting"), surveys=surveys, config=config, env=environment) as server:
        own = f"/proc/{server.process.pid}"
        files = [tmp / "secret", home / ".pgpass", tmp / "recorte.toml", tmp / "data" / "recorte.sqlite", f"{own}/environ", f"{own}/mem"]
        finds_nothing(server, surveys, files, BY_FILE, BY_ENVIRONMENT, BY_LIBPQ)
        _, came_along = hunting(surveys, server, BY_FILE, files)
        # Its own: the supervisor's socket, the control page, the product's sink; and no terminal, nor what the server reads and writes.
        assert came_along["0"] == "/dev/null" and came_along["1"] == came_along["2"], came_along
        assert not [what for number, what in came_along.items() if int(number) > 2 and not what.startswith(("socket:", "/memfd:"))], came_along


def the_password_of_the_database_is_found_by_nobody(tmp):
    fenced()
    for where in ("file", "environment"):
        with contextlib.ExitStack() as stack:
            base = tmp / where
            base.mkdir()
            surveys = sky(base)
            url = stack.enter_context(postgres()).database().replace("postgres@", "postgres:Uncommon4e1b9a@")
            (base / "url").write_text(url + "\n")
            said = f'{{ file = "{base / "url"}" }}' if where == "file" else '{ env = "DATABASE_URL" }'
            config = f"[database]\nurl = {said}\n"
            (base / "migrate.toml").write_text(config)
            environment = {"DATABASE_URL": url}
            run("db", "migrate", "--config", base / "migrate.toml", env=environment)
            server = stack.enter_context(serving(base, "--plugins", with_plugins(base, "hunting"), surveys=surveys, config=config,
                                                 env=environment))
            files = [base / "url", base / "recorte.toml", f"/proc/{server.process.pid}/environ"]
            finds_nothing(server, surveys, files, "Uncommon4e1b9a")


def workers_have_no_rights_and_leave_no_memory(tmp):
    reading = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    with serving(tmp) as server:
        assert server.cutout().status == 200
        workers = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True).stdout.split()
        assert workers
        for worker in workers:
            status = dict(line.split(":\t", 1) for line in pathlib.Path("/proc", worker, "status").read_text().splitlines() if ":\t" in line)
            assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2"), status
            for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                assert int(status[kind], 16) & ~reading == 0, (kind, status[kind])
            limits = pathlib.Path("/proc", worker, "limits").read_text()
            assert re.search(r"Max core file size +0 +0 ", limits), limits
            if not os.environ.get("RECORTE_SANITIZE"):
                assert not re.search(r"Max data size +unlimited", limits), limits


def links_lead_to_no_secret(tmp):
    """Whoever may write into a survey's directory may make links there, and is not the admin."""
    fenced()
    surveys = sky(tmp)
    (tmp / "secret").write_text(BY_FILE)
    (tmp / "open" / "notes").symlink_to(tmp / "secret")
    (tmp / "open" / "all").symlink_to(tmp)
    config = f'[auth]\nsecret = {{ file = "{tmp / "secret"}" }}\n'
    (tmp / "secret").write_text(BY_FILE + " " * 32)
    with serving(tmp, "--plugins", with_plugins(tmp, "hunting"), surveys=surveys, config=config) as server:
        finds_nothing(server, surveys, [tmp / "secret", tmp / "open" / "notes", tmp / "open" / "all" / "secret"], BY_FILE)
        assert server.sync(ID="open", CIRCLE="10 0 0.001").status == 200
        warnings = [line["message"] for line in server.log_lines() if "is not followed" in line["message"]]
        assert any("notes" not in w and str(tmp / "secret") in w for w in warnings), warnings
    checks = look(tmp, "--surveys", surveys, "--config", tmp / "recorte.toml", status=1)
    assert "is not followed" in checks["isolation"]["what"], checks["isolation"]


def without_a_fence_it_would_find_them(tmp):
    """That the hunter can hunt: `recorte cut` has no fence."""
    surveys = sky(tmp)
    secret = tmp / "secret"
    secret.write_text(BY_FILE)
    (surveys / "hunting.toml").write_text(f'[survey]\nplugin = "vice-hunting"\n[hunt]\nreversed = "{BY_FILE[::-1]}"\nfiles = "{secret}"\npid = "{os.getpid()}"\n')
    done = run("cut", "--surveys", surveys, "--survey", "hunting", "--plugins", with_plugins(tmp, "hunting"), "--ra", 1, "--dec", 1, "--size",
               "8px", "-o", tmp / "out.fits", status=2)
    found = re.search("found:(.*); ", done.stderr.decode())[1]
    assert str(secret) in found and f"memory of {os.getpid()}" in found and "process_vm_readv" in found, found


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
