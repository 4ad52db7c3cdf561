"""A running server takes up other plugins, with no request lost."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import json
import os
import shutil
import signal
import sys
import threading

from batches import a_list, ended, manifest, state, submit
from harness import BUILD, DEMO_SURVEYS, main, run
from identity import bearer, closed, sky, user
from serving import serving, wait_until

USAGE = 2
PIXELS = 2880 * 6  # of 64 x 64 floats, padded


def library(name):
    return (BUILD / "plugins" / f"{name}.so").read_bytes()


def vice(name):
    return (BUILD / "vices" / f"vice-{name}.so").read_bytes()


def called(code, id, version):
    """The same library, with another id and version in its manifest, which stays as long as it was."""
    for key, value in (("id", id), ("version", version)):
        begin = code.index(f'"{key}": "'.encode())
        end = code.index(b'"', code.index(b",", begin))  # where the next member begins
        said = f'"{key}": "{value}",'.encode().ljust(end - begin)
        assert len(said) == end - begin
        code = code[:begin] + said + code[end:]
    return code


class Plugins:
    """A directory of plugins, the good ones to begin with."""

    def __init__(self, tmp):
        self.directory = tmp / "plugins"
        self.directory.mkdir()
        for name in ("tiles", "cut", "stitch", "mosaic", "lupton"):
            self.put(f"{name}.so", library(name))

    def put(self, name, code):
        """As one who installs it does: the name is given to another file."""
        fresh = self.directory / "fresh"
        fresh.write_bytes(code)
        fresh.rename(self.directory / name)

    def cut(self, version):
        self.put("cut.so", called(library("cut"), "cut", version))


def reload(tmp, status=0):
    done = run("reload", "--data", tmp / "data", *([] if status else ["--json"]), status=status)
    return json.loads(done.stdout) if status == 0 else done.stderr.decode()


def told(tmp):
    """The same, for people."""
    return run("reload", "--data", tmp / "data").stdout.decode()


def made_by(answer):
    """Of a FITS product, which algorithm made it."""
    assert answer.status == 200, (answer.status, answer.body[:500])
    begin = answer.body.index(b"RCALGO  = '") + 11
    return answer.body[begin:answer.body.index(b"'", begin)].decode().strip()


class Load:
    """Cutouts of a survey, one after the other by each of several who ask."""

    def __init__(self, server, people=3, **parameters):
        self.server, self.parameters = server, {"bands": "g", **parameters}
        self.expected = self.one().body[-PIXELS:]
        self.faults, self.count, self.makers, self.over = [], 0, set(), False
        self.threads = [threading.Thread(target=self.ask) for _ in range(people)]
        for thread in self.threads:
            thread.start()

    def one(self):
        return self.server.cutout(**self.parameters)

    def ask(self):
        while not self.over:
            try:
                answer = self.one()
                self.makers.add(made_by(answer))
                assert answer.body[-PIXELS:] == self.expected, "other pixels"
            except BaseException as error:
                self.faults.append(repr(error))
            self.count += 1


@contextlib.contextmanager
def under_load(server, **parameters):
    """While the block lasts. No request may be lost, and each must have the pixels of the first."""
    load = Load(server, **parameters)
    try:
        yield load
        seen = load.count
        wait_until(lambda: load.count > seen + 3, "a few more cutouts")
    finally:
        load.over = True
        for thread in load.threads:
            thread.join()
    assert not load.faults, (len(load.faults), load.count, load.faults[:3])


NO_LIMIT = "[server.limits]\nrequests_per_second = 0\n"


@contextlib.contextmanager
def reloading(tmp, config="", surveys=DEMO_SURVEYS):
    plugins = Plugins(tmp)
    with serving(tmp, "--plugins", plugins.directory, config=NO_LIMIT + config, surveys=surveys) as server:
        yield server, plugins


def workers(server):
    """The processes of its workers."""
    with open(f"/proc/{server.process.pid}/task/{server.process.pid}/children") as listed:
        of_main = listed.read().split()
    every = set(of_main)
    for task in os.listdir(f"/proc/{server.process.pid}/task"):
        with contextlib.suppress(FileNotFoundError):
            with open(f"/proc/{server.process.pid}/task/{task}/children") as listed:
                every.update(listed.read().split())
    return every


def a_plugin_is_upgraded_and_rolled_back_under_load(tmp):
    with reloading(tmp) as (server, plugins), under_load(server) as load:
        for turn in range(12):
            version = ("0.2.0", "0.1.0", "0.10.0")[turn % 3]
            plugins.cut(version)
            assert made_by(load.one()) != f"cut {version}"  # nothing changes before it is told to
            told = reload(tmp)["plugins"]
            assert told["new"] == [f"cut {version}"] and len(told["gone"]) == 1, told
            assert made_by(load.one()) == f"cut {version}"
        assert load.makers == {"cut 0.1.0", "cut 0.2.0", "cut 0.10.0"}, load.makers
        assert reload(tmp)["plugins"] == {"new": [], "gone": []}
        assert server.metric("recorte_worker_deaths_total") == 0


def what_does_not_do_is_refused(tmp):
    bad = {
        "segfault-constructor": "SIGSEGV", "exit-constructor": "exited", "loop-constructor": "longer than 5000 ms",
        "abort-entry": "SIGABRT", "lying-abi": "ABI", "foreign-abi": "9.0", "missing-symbol": "recorte_plugin_v1",
        "missing-manifest": "manifest", "garbage": "no answer"}
    with reloading(tmp) as (server, plugins), under_load(server) as load:
        before = workers(server)
        for name, part in bad.items():
            code = vice(name)
            plugins.put("cut.so", called(code, "cut", "9.9.9") if b'"id": "vice-' in code else code)
            text = reload(tmp, status=USAGE)
            assert "all goes on as before" in text and part in text and "plugins-in-use" not in text, (name, text)
            assert made_by(load.one()) == "cut 0.1.0"
        plugins.put("cut.so", library("cut")[:5000])
        assert "cut.so" in reload(tmp, status=USAGE)
        # One that a survey needs cannot go while the survey is there.
        plugins.put("cut.so", library("cut"))
        (plugins.directory / "tiles.so").rename(tmp / "tiles.so")
        text = reload(tmp, status=USAGE)
        assert "the survey demo could not be served any more" in text and '"tiles"' in text, text
        (tmp / "tiles.so").rename(plugins.directory / "tiles.so")
        assert reload(tmp)["plugins"] == {"new": [], "gone": []}
        assert workers(server) == before, (workers(server), before)
        assert server.metric("recorte_worker_deaths_total") == 0


def written_over_or_taken_away_it_is_used_as_it_was(tmp):
    """Nobody's worker has the file itself: whatever becomes of it, those who run and those who start go on."""
    with reloading(tmp, config="[workers]\ncount = 1\n") as (server, plugins):
        assert server.cutout(bands="g").status == 200
        for name in ("tiles.so", "cut.so"):
            with open(plugins.directory / name, "r+b") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(0)
                file.write(bytes(size))
        shutil.rmtree(plugins.directory)
        for worker in workers(server):
            os.kill(int(worker), signal.SIGKILL)
        wait_until(lambda: server.metric("recorte_workers") == 0, "they are gone")
        assert made_by(server.cutout(bands="g")) == "cut 0.1.0"


def signals_are_heard_one_after_the_other(tmp):
    with reloading(tmp, config='[log]\nformat = "json"\n') as (server, plugins), under_load(server) as load:
        def reloaded():
            return [line for line in server.log_lines() if line["message"] == "reloaded"]
        plugins.cut("0.2.0")
        server.process.send_signal(signal.SIGHUP)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: made_by(load.one()) == "cut 0.2.0", "the new version")
        wait_until(reloaded, "the line of the log")
        plugins.put("cut.so", b"no library")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: any("all goes on as before" in line["message"] for line in server.log_lines()), "the refusal")
        # Many at once are all answered.
        plugins.cut("0.3.0")
        answers = []
        askers = [threading.Thread(target=lambda: answers.append(reload(tmp))) for _ in range(5)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert len(answers) == 5 and any(a["plugins"]["new"] == ["cut 0.3.0"] for a in answers), answers
        assert made_by(load.one()) == "cut 0.3.0"


def a_job_goes_on_meanwhile(tmp):
    with reloading(tmp, config="[workers]\ncount = 1\nbatch = 2\n") as (server, plugins):
        job = submit(server, a_list(4000), size="200px", bands="g")
        wait_until(lambda: state(server, job)["done"] > 0, "its first products")
        turns = 0
        while state(server, job)["phase"] == "EXECUTING" and turns < 6:
            turns += 1
            plugins.cut(f"0.2.{turns}")
            reload(tmp)
        assert turns > 1
        assert ended(server, job)["ok"] == 4000
        versions = {row["algorithm_version"] for row in manifest(server, job)}
        assert versions & {f"0.2.{turn + 1}" for turn in range(turns)}, versions
        assert server.metric("recorte_worker_deaths_total") == 0


def private_pools_take_them_up_too(tmp):
    surveys = sky(tmp)
    with reloading(tmp, config="[workers]\ncount = 1\nbatch = 1\nprivate = 1\n", surveys=surveys) as (server, plugins):
        ana = bearer(user(tmp, "ana", "--groups", "us"))
        assert made_by(closed(server, ana)) == "cut 0.1.0"
        plugins.cut("0.2.0")
        reload(tmp)  # while it is idle
        assert made_by(closed(server, ana)) == "cut 0.2.0"
        over, seen = threading.Event(), []
        asker = threading.Thread(target=lambda: [seen.append(made_by(closed(server, ana))) for _ in iter(over.is_set, True)])
        asker.start()
        wait_until(lambda: len(seen) > 2, "it is busy")
        for version in ("0.3.0", "0.4.0"):
            plugins.cut(version)
            reload(tmp)
            wait_until(lambda: seen[-1] == f"cut {version}", "the new version")
        over.set()
        asker.join()
        assert set(seen) <= {"cut 0.2.0", "cut 0.3.0", "cut 0.4.0"}


def a_hundred_leave_nothing_behind(tmp):
    surveys = sky(tmp)
    with reloading(tmp, config="[workers]\ncount = 2\nbatch = 1\n", surveys=surveys) as (server, plugins):
        def settled():
            return server.metric("recorte_workers") == 3 and len(workers(server)) == 3
        for turn in range(100):
            if turn == 10:
                wait_until(settled, "the old workers to go")
                descriptors, memory = len(server.descriptors()), server.resident()
            plugins.cut(f"0.2.{turn}")
            assert reload(tmp)["plugins"]["new"] == [f"cut 0.2.{turn}"]
        wait_until(settled, "the old workers to go")
        wait_until(lambda: len(server.descriptors()) == descriptors, "descriptors as before")
        assert server.resident() < memory + 16, (memory, server.resident())
        assert len(list((tmp / "data" / "plugins-in-use").iterdir())) == 1
        assert server.metric("recorte_worker_deaths_total") == 0


def settings_say_what_needs_a_restart(tmp):
    with reloading(tmp) as (server, plugins):
        file = tmp / "recorte.toml"
        text = file.read_text()
        file.write_text(text + "[log]\nlevel = \"debug\"\n[workers]\ncount = 3\n")
        assert reload(tmp)["settings"] == {"taken_up": [], "for_a_restart": ["log.level", "workers.count"]}
        said = told(tmp)
        # It is said until it is done.
        assert "plugins:          as they were" in said and "log.level, workers.count" in said and "1 served" in said, said
        file.write_text(text + "[workers]\ncuont = 3\n")
        answer = reload(tmp, status=USAGE)
        assert "all goes on as before" in answer and "cuont" in answer and "recorte.toml:" in answer, answer
        file.unlink()
        assert "recorte.toml" in reload(tmp, status=3)
        assert server.cutout(bands="g").status == 200


def with_a_bad_one(tmp, plugins, act):
    """The demo survey, and one beside it whose adapter does that in find()."""
    surveys = tmp / "surveys.d"
    shutil.copytree(DEMO_SURVEYS, surveys)
    text = (surveys / "demo.toml").read_text().replace('"../sky"', f'"{DEMO_SURVEYS.parent / "sky"}"')
    (surveys / "demo.toml").write_text(text)
    (surveys / "bad.toml").write_text(text.replace("[survey]", '[survey]\nplugin = "bad"\nindex = "demo.index"', 1))
    plugins.put("bad.so", called(vice(f"{act}-find"), "bad", "0.1.0"))
    return surveys


def admin(tmp, *words, status=0):
    done = run("admin", *words, "--data", tmp / "data", status=status)
    return (done.stdout or done.stderr).decode()


def listed(tmp, id):
    return [p for p in json.loads(admin(tmp, "plugins", "--json"))["plugins"] if p["id"] == id]


def fails_until_it_is_out_of_use(tmp, act, status, part, config=""):
    plugins = Plugins(tmp)
    surveys = with_a_bad_one(tmp, plugins, act)
    config = NO_LIMIT + "[workers]\nplugin_faults = 3\n" + config
    with serving(tmp, "--plugins", plugins.directory, config=config, surveys=surveys) as server, under_load(server):
        answers = [server.cutout(survey="bad", bands="g") for _ in range(3)]
        assert [a.status for a in answers] == 3 * [status], [(a.status, a.text) for a in answers]
        answer = wait_until(lambda: (a := server.cutout(survey="bad", bands="g")).status == 503 and a, "it is out of use")
        assert "bad 0.1.0 is out of use: it failed" in answer.text and part in answer.text, answer.text
        assert int(answer.headers["Retry-After"]) > 0
        yield server, plugins


def one_that_crashes_often_is_taken_out_of_use(tmp):
    for server, plugins in fails_until_it_is_out_of_use(tmp, "segfault", 500, "SIGSEGV"):
        deaths = server.metric("recorte_worker_deaths_total")
        for _ in range(20):
            assert server.cutout(survey="bad").status == 503
            assert server.sync(ID="bad", CIRCLE="0.055 10.005 0.004").status == 503
        assert server.metric("recorte_worker_deaths_total") == deaths
        assert server.metric("recorte_plugins_out_of_use") == 1 and server.metric("recorte_plugin_faults_total") >= 3
        bad, = listed(tmp, "bad")
        assert bad["surveys"] == ["bad"] and bad["faults"] >= 3 and "SIGSEGV" in bad["last_fault"]["how"], bad
        assert bad["out_of_use"]["since"] and "it failed" in bad["out_of_use"]["why"], bad
        assert bad["file"] == str(plugins.directory / "bad.so"), bad
        assert "out of use" in admin(tmp, "plugins")
        ready = server.get("/readyz")
        assert ready.status == 200 and "bad 0.1.0" in ready.json["checks"]["plugins"], ready.text
        available = server.get("/availability").text
        assert ">true<" in available and "bad 0.1.0" in available, available
        looked = json.loads(run("doctor", "--data", tmp / "data", "--config", tmp / "recorte.toml", "--surveys",
                                tmp / "surveys.d", "--json", status=1).stdout)
        assert any(c["name"] == "plugin bad" and not c["ok"] and "out of use" in c["what"] for c in looked["checks"]), looked
        wait_until(lambda: [s["id"] for s in server.get("/api/v1/surveys").json["surveys"]] == ["demo"], "lists do without it")
        # Nothing ends that but another library, or an admin.
        assert reload(tmp)["plugins"] == {"new": [], "gone": []}
        assert server.cutout(survey="bad").status == 503
        assert "in use" in admin(tmp, "plugin", "on", "bad", "0.1.0")
        assert server.cutout(survey="bad", bands="g").status == 500
        # It can go while the server runs, and another come.
        (plugins.directory / "bad.so").unlink()
        admin(tmp, "survey", "off", "bad", "it is mended")
        assert reload(tmp)["plugins"] == {"new": [], "gone": ["bad 0.1.0"]}
        plugins.put("bad.so", called(library("tiles"), "bad", "0.2.0"))
        told = reload(tmp)
        assert told["plugins"]["new"] == ["bad 0.2.0"] and told["surveys"] == {"served": 2, "failed": {}}, told
        admin(tmp, "survey", "on", "bad")
        assert server.cutout(survey="bad", bands="g").status == 200
        assert server.metric("recorte_plugins_out_of_use") == 0


def one_that_hangs_often_is_taken_out_of_use(tmp):
    for server, plugins in fails_until_it_is_out_of_use(tmp, "loop", 504, "hung", 'timeout = "1s"\ngrace = "1s"\n'):
        plugins.put("bad.so", called(library("tiles"), "bad", "0.2.0"))
        assert reload(tmp)["plugins"] == {"new": ["bad 0.2.0"], "gone": ["bad 0.1.0"]}
        wait_until(lambda: server.cutout(survey="bad", bands="g").status == 200, "it is served")


def one_that_breaks_its_contract_often_is_taken_out_of_use(tmp):
    plugins = Plugins(tmp)
    plugins.put("throw.so", called(vice("throw-run"), "throw", "0.1.0"))
    config = NO_LIMIT + "[workers]\nplugin_faults = 3\n"
    with serving(tmp, "--plugins", plugins.directory, config=config) as server, under_load(server):
        for _ in range(3):
            answer = server.cutout(algorithm="throw", bands="g")
            assert answer.status == 500 and "threw" in answer.text, answer.text
        wait_until(lambda: server.cutout(algorithm="throw", bands="g").status == 503, "it is out of use")
        assert server.metric("recorte_worker_deaths_total") == 0
        # Whoever asks wrongly, or for too much, takes nobody's plugin away.
        for _ in range(10):
            assert server.cutout(bands="none").status in (400, 404)
            assert server.cutout(ra=200, dec=-40).status in (204, 404)
        assert [p["faults"] for p in listed(tmp, "cut")] == [0]


def an_admin_takes_one_out_of_use_and_back(tmp):
    with reloading(tmp) as (server, plugins):
        assert "out of use: being mended" in admin(tmp, "plugin", "off", "cut", "0.1.0", "being mended")
        answer = server.cutout(bands="g")
        assert answer.status == 503 and "cut 0.1.0 is out of use: being mended" in answer.text, answer.text
        assert server.cutout(format="png").status == 200
        # A job says so too, of each product, and goes on with what there is.
        job = submit(server, a_list(3), bands="g")
        end = wait_until(lambda: (now := state(server, job))["phase"] in ("COMPLETED", "ERROR", "ABORTED") and now, "its end")
        assert end["failed"] == 3 and "being mended" in json.dumps(manifest(server, job)), end
        assert "no plugin 'cut 9.9.9'" in admin(tmp, "plugin", "on", "cut", "9.9.9", status=3)
        assert "in use" in admin(tmp, "plugin", "on", "cut", "0.1.0")
        assert made_by(server.cutout(bands="g")) == "cut 0.1.0"
        said = ("took a plugin out of use", "put a plugin into use", "cut 0.1.0")

        def trail():
            return run("audit", "--data", tmp / "data").stdout.decode()
        wait_until(lambda: all(part in trail() for part in said), "the trail")


def versions_of_the_store_come_and_go(tmp):
    def plugin(*words):
        return run("plugin", *words, "--data", tmp / "data").stdout.decode()

    with reloading(tmp) as (server, plugins), under_load(server) as load:
        for version in ("0.2.0", "0.3.0"):
            (tmp / "new").mkdir()
            (tmp / "new" / "cut.so").write_bytes(called(library("cut"), "cut", version))
            run("plugin", "bundle", tmp / "new" / "cut.so", "-o", tmp / f"{version}.recorte")
            shutil.rmtree(tmp / "new")
        assert "recorte reload" in plugin("install", tmp / "0.2.0.recorte", "--enable")
        assert made_by(load.one()) == "cut 0.1.0"
        assert reload(tmp)["plugins"] == {"new": ["cut 0.2.0"], "gone": []}
        assert made_by(load.one()) == "cut 0.2.0"
        # What is installed, and not enabled, an admin enables over HTTP, and takes back.
        plugin("install", tmp / "0.3.0.recorte")
        assert reload(tmp)["plugins"] == {"new": [], "gone": []}
        old, middle, new = sorted(listed(tmp, "cut"), key=lambda p: p["version"])
        assert [p["out_of_use"] is None for p in (old, middle, new)] == [True, True, False], (old, middle, new)
        assert "not enabled" in new["out_of_use"]["why"] and str(tmp / "data" / "plugins") in new["file"], new
        assert "in use" in admin(tmp, "plugin", "on", "cut", "0.3.0")
        assert made_by(load.one()) == "cut 0.3.0"
        # Back again, by the file that says what is enabled.
        plugin("disable", "cut@0.3.0")
        plugin("disable", "cut@0.2.0")
        told = reload(tmp)["plugins"]
        assert told == {"new": [], "gone": ["cut 0.2.0", "cut 0.3.0"]}, told
        assert made_by(load.one()) == "cut 0.1.0"
        # What is removed while it is used goes on until the reload.
        plugin("enable", "cut@0.2.0")
        reload(tmp)
        plugin("remove", "--force", "cut@0.2.0")
        assert made_by(load.one()) == "cut 0.2.0"
        assert reload(tmp)["plugins"] == {"new": [], "gone": ["cut 0.2.0"]}
        assert made_by(load.one()) == "cut 0.1.0"


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
