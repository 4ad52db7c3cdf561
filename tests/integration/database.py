"""`recorte db`, and serving from both databases."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import os
import sqlite3
import sys

from harness import DEMO_SURVEYS, main, run, says
from postgres import postgres
from serving import serving, wait_until


def rows(file, table):
    """How many it has. A connection that stays open would keep the file in use."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


def commands_on_sqlite(tmp):
    data = ["--data", tmp / "data"]
    says(run("db", "status", *data, status=3), "there is no database", "recorte db migrate")
    assert not (tmp / "data").exists()
    run("db", "migrate", *data)
    status = run("db", "status", *data).stdout.decode()
    assert "applied  1 request\napplied  2 job\n" in status, status
    file = tmp / "data" / "recorte.sqlite"
    with serving(tmp) as server:
        assert server.cutout(format="png").status == 200
        wait_until(lambda: rows(file, "request") > 0, "it is recorded")
        run("db", "backup", *data, tmp / "copy")
        says(run("db", "restore", "--replace", *data, tmp / "copy", status=6), "is in use; end the server first")
    says(run("db", "backup", *data, tmp / "copy", status=2), "exists")
    says(run("db", "restore", *data, tmp / "copy", status=2), "--replace")
    run("db", "restore", "--replace", *data, tmp / "copy")
    pruned = run("db", "prune", "--older", "0s", *data).stdout.decode()
    assert pruned.startswith("removed the records of 0 jobs, "), pruned
    assert rows(file, "request") == 0
    says(run("db", "prune", "--older", "soon", *data, status=2), "soon")
    says(run("db", "prune", *data, status=2), "--older")
    assert rows(tmp / "copy", "job") == 0 and rows(tmp / "copy", "request") > 0


def an_sqlite_file_may_be_named(tmp):
    config = '[database]\nurl = "sqlite:else/x.db"\n'
    with serving(tmp, config=config) as server:
        assert server.cutout(format="png").status == 200
    found = list(tmp.rglob("x.db"))
    assert len(found) == 1 and found[0].parent.name == "else", found
    assert not (tmp / "data" / "recorte.sqlite").exists()


def serves_on_postgresql(tmp):
    with postgres() as server_of_data:
        url = server_of_data.database()
        (tmp / "url").write_text(url + "\n")
        config = f'[database]\nurl = {{ file = "{tmp / "url"}" }}\n'
        (tmp / "pg.toml").write_text(config)
        options = ["--config", tmp / "pg.toml"]
        refused = run("serve", *options, "--data", tmp / "data", "--surveys", DEMO_SURVEYS, "--listen", "127.0.0.1:0", status=6)
        says(refused, "has the schema 0", "recorte db migrate")
        says(run("db", "status", *options, status=6), "recorte db migrate")
        run("db", "migrate", *options)
        run("db", "status", *options)
        count = lambda: int(server_of_data.query("recorte", "select count(*) from request where status = 200"))
        with serving(tmp, config=config) as server:
            assert server.cutout(format="png").status == 200
            wait_until(lambda: count() == 1, "it is recorded")
            server_of_data.crash()
            assert server.cutout(format="png").status == 200, "a cutout needs no database"
            server_of_data.start()
            wait_until(lambda: count() == 2, "it is recorded once there is a database again")
        assert not (tmp / "data" / "recorte.sqlite").exists()
        run("db", "backup", *options, tmp / "dump")
        run("db", "prune", *options, "--older", "0s")
        assert count() == 0
        run("db", "restore", "--replace", *options, tmp / "dump")
        assert count() == 2


def a_password_is_never_said(tmp):
    url = "postgresql://ann:s3cret@127.0.0.1:1/sky"
    config = tmp / "secret.toml"
    config.write_text('[database]\nurl = { env = "RECORTE_TEST_URL" }\n')
    for words in (["db", "status"], ["db", "migrate"], ["serve", "--data", tmp / "data", "--surveys", DEMO_SURVEYS]):
        done = run(*words, "--config", config, status=6, env={**os.environ, "RECORTE_TEST_URL": url})
        says(done, "postgresql://ann@127.0.0.1:1/sky", "refused")
        assert b"s3cret" not in done.stderr + done.stdout
    config.write_text(f'[database]\nurl = "{url}"\n')
    done = run("db", "status", "--config", config, status=2)
    says(done, "secret.toml:2", "there is a password in it")
    assert b"s3cret" not in done.stderr + done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
