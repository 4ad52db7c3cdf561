"""Surveys that do not trust each other: a plugin of one cannot reach the files of another, nor anything else."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import ctypes
import io
import json
import os
import sys

from doctor import look
from harness import Skip, main, run
from identity import bearer, closed, sky, user
from make import image, index
from serving import serving, wait_until
from vices import with_plugins

AT = ("CIRCLE", "10 0 0.001")


def fenced():
    """Landlock is there, or a skip."""
    create_ruleset, ask_version = 444, 1
    if ctypes.CDLL(None, use_errno=True).syscall(create_ruleset, None, ctypes.c_size_t(0), ask_version) < 1:
        raise Skip("the kernel has no Landlock")


def prying(surveys, name, group="", **tries):
    """A survey whose plugin looks around."""
    pry = "".join(f'{key} = "{value}"\n' for key, value in tries.items())
    fresh = surveys / f"{name}.new"
    fresh.write_text(f'[survey]\nplugin = "vice-prying"\naccess_group = "{group}"\n[pry]\n{pry}')
    fresh.rename(surveys / f"{name}.toml")


def told(server, name, headers=None):
    """What came of what its plugin tried."""
    def ask():
        return server.request("GET", "/sync", [("ID", name), AT], headers=headers or {})
    answer = wait_until(lambda: (now := ask()).status != 404 and now, f"the survey {name} to be known")
    assert answer.status == 400, (answer.status, answer.text)
    return answer.text


def a_plugin_reaches_the_files_of_its_own_pool_alone(tmp):
    fenced()
    surveys = sky(tmp)
    secret = tmp / "closed" / "b_g.fits"
    with serving(tmp, "--plugins", with_plugins(tmp, "prying"), surveys=surveys) as server:
        ana = bearer(user(tmp, "ana", "--groups", "us,others"))
        assert closed(server, ana).status == 200
        tries = {"open": secret, "write": tmp / "open" / "new", "connect": server.port, "signal": server.process.pid}
        walls = ("write: EACCES", "connect: EPERM", "signal: EPERM", "look: EACCES", "trace: EPERM")
        # Each is added while the server runs.
        prying(surveys, "everyones", **tries)
        prying(surveys, "strangers", "others", **tries)
        prying(surveys, "insiders", "us", **tries)
        for name, headers, outcome in (("everyones", None, "EACCES"), ("strangers", ana, "EACCES"), ("insiders", ana, "done")):
            text = told(server, name, headers)
            assert f"open: {outcome}" in text and all(wall in text for wall in walls), (name, text)
        for file in (tmp / "data" / "recorte.sqlite", surveys / "closed.toml", surveys / "closed.index", "/etc/passwd",
                     f"/proc/{server.process.pid}/environ"):
            assert os.access(file, os.R_OK), file
            prying(surveys, "everyones", open=file)
            assert "open: EACCES" in told(server, "everyones"), file
        # Whose survey it is may change, and with it who reads what.
        prying(surveys, "insiders", "others", open=secret)
        assert "open: EACCES" in told(server, "insiders", ana)
        toml = surveys / "closed.toml"
        toml.write_text(toml.read_text() + '\n[access]\ntrust = "others"\n')
        assert closed(server, ana).status == 200
        assert "open: done" in told(server, "insiders", ana)
        assert server.metric("recorte_worker_deaths_total") == 0


def images_behind_links_and_in_other_places_are_served(tmp):
    """A survey's root is a link, its images are links, and its index is replaced while the server runs."""
    image(tmp / "archive" / "deep" / "b_g.fits", ra=10, dec=0)
    image(tmp / "far" / "c_g.fits", ra=10.1, dec=0)
    (tmp / "tree").mkdir()
    (tmp / "tree" / "b_g.fits").symlink_to(tmp / "archive" / "deep" / "b_g.fits")
    (tmp / "root").symlink_to(tmp / "tree")
    surveys = index(tmp / "root", "linked", tmp)
    with serving(tmp, surveys=surveys) as server:
        def at(ra):
            return server.request("GET", "/sync", [("ID", "linked"), ("CIRCLE", f"{ra} 0 0.001")]).status
        assert at(10) == 200 and at(10.1) == 204
        (tmp / "tree" / "far").symlink_to(tmp / "far")
        index(tmp / "root", "linked", tmp)
        wait_until(lambda: at(10.1) == 200, "the images of the new index")
        assert at(10) == 200


def a_list_is_made_by_the_workers_of_each_survey(tmp):
    surveys = sky(tmp)
    with serving(tmp, surveys=surveys) as server:
        ana = bearer(user(tmp, "ana", "--groups", "us"))
        rows = [("open", "closed")[i % 2] for i in range(12)]
        text = "id,survey,ra,dec\n" + "".join(f"o{i},{survey},10,0\n" for i, survey in enumerate(rows))
        job = server.request("POST", "/api/v1/jobs", {"survey": "open", "size": "8px"}, text,
                             {"Content-Type": "text/csv", **ana})
        assert job.status == 201, job.text
        path = f"/api/v1/jobs/{job.json['id']}"

        def state():
            return server.request("GET", path, headers=ana).json
        wait_until(lambda: state()["phase"] == "COMPLETED", "the end of the job")
        assert state()["ok"] == 12, state()
        manifest = server.request("GET", path + "/manifest.csv", headers=ana).text
        made = [(r["id"], r["survey"]) for r in csv.DictReader(io.StringIO(manifest))]
        assert made == [(f"o{i}", survey) for i, survey in enumerate(rows)], made
        batch = json.loads(run("admin", "workers", "--data", tmp / "data", "--json").stdout)["batch"]
        assert {p["name"] for p in batch["pools"]} == {"public", "us"}, batch


def all_pools_are_counted_and_idle_ones_go(tmp):
    surveys = sky(tmp)
    config = '[workers]\ncount = 2\nbatch = 1\nprivate = 1\nprivate_idle = "1s"\n'
    with serving(tmp, surveys=surveys, config=config) as server:
        def pools():
            state = json.loads(run("admin", "workers", "--data", tmp / "data", "--json").stdout)
            return {p["name"]: p["workers"] for p in state["sync"]["pools"]}
        # What is asked of a survey at first starts its pool, for a while.
        wait_until(lambda: pools() == {"public": 2}, "the pools of no use to go")
        assert server.metric("recorte_workers") == 3
        ana = bearer(user(tmp, "ana", "--groups", "us"))
        finished = server.metric("recorte_tasks_finished_total")
        assert closed(server, ana).status == 200
        assert server.metric("recorte_tasks_finished_total") == finished + 1
        wait_until(lambda: pools() == {"public": 2}, "the idle pool to go")
        assert server.metric("recorte_tasks_finished_total") >= finished + 1
        assert closed(server, ana).status == 200
        text = run("admin", "workers", "--data", tmp / "data").stdout.decode()
        assert "POOL" in text and "public" in text, text


def the_doctor_looks_at_what_keeps_them_apart(tmp):
    fenced()
    surveys = sky(tmp)
    checks = look(tmp, "--surveys", surveys, status=1)
    assert checks["isolation"]["ok"] and "2 pools" in checks["isolation"]["what"], checks["isolation"]
    assert checks["survey closed"]["ok"] and checks["survey open"]["ok"], checks
    toml = surveys / "open.toml"
    toml.write_text(toml.read_text().replace(str(tmp / "open"), str(tmp)).replace('"../open"', '".."'))
    check = look(tmp, "--surveys", surveys, status=1)["isolation"]
    assert not check["ok"] and "survey open reads" in check["what"] and "survey closed" in check["what"], check


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
