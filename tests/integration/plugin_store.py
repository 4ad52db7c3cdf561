"""The store of plugins: what disturbs it, which version a survey gets, what the commands show."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys

from bundling import DATA, FORBIDDEN, NOT_FOUND, UNAVAILABLE, USAGE, bundle, configured, library, plugin, project, refused, tree
from harness import BUILD, DEMO_SURVEYS, EXAMPLE, RECORTE, astropy_fits, at, cut, main, run, says
from serving import serving, wait_until


def the_store_survives(tmp):
    config, store = configured(tmp)
    first, second = bundle(tmp, "1.0.0"), bundle(tmp, "1.1.0")
    # Two at once: each is installed once, and whoever comes second says so.
    together = [subprocess.Popen([RECORTE, "plugin", "install", f, "--enable", "--config", config], stdout=subprocess.PIPE)
                for f in (first, second, first, second)]
    said = [p.communicate()[0].decode() for p in together]
    assert [p.returncode for p in together] == [0] * 4, said
    assert sum(s.startswith("already installed") for s in said) == 2, said
    assert [l for l in (store / "enabled").read_text().splitlines() if l[0] != "#"] == ["cut@1.0.0", "cut@1.1.0"]
    before = tree(store)
    # Another library under a version that is there.
    run("plugin", "bundle", BUILD / "plugins" / "cut.so", "-o", tmp / "c.recorte")
    plugin(config, "install", tmp / "c.recorte")
    changed = project(tmp, "0.1.0")
    (changed / "build" / "deep" / "it.so").write_bytes(library("cut", "0.1.0") + b"x")
    run("plugin", "bundle", changed, "-o", tmp / "d.recorte")
    refused(config, store, tmp / "d.recorte", USAGE, "cut@0.1.0 is installed already, and is another library")
    plugin(config, "remove", "cut@0.1.0")
    assert tree(store) == before
    # Killed while it tries the library: what is left is cleared away by whoever comes next.
    run("plugin", "bundle", BUILD / "vices" / "vice-loop-constructor.so", "-o", tmp / "hang.recorte")
    process = subprocess.Popen([RECORTE, "plugin", "install", tmp / "hang.recorte", "--config", config], stderr=subprocess.DEVNULL)
    wait_until(lambda: list(store.glob(".new-*/plugin.json")), "the bundle to be unpacked")
    assert process.poll() is None
    process.kill()
    process.wait()
    assert list(store.glob(".new-*"))
    assert b"cut@1.1.0 " in plugin(config, "install", second).stdout
    assert tree(store) == before
    # A disk that takes no more.
    def full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    third = bundle(tmp, "1.3.0")
    done = subprocess.run([RECORTE, "plugin", "install", third, "--config", config], capture_output=True, preexec_fn=full)
    assert done.returncode == UNAVAILABLE and b"cannot write" in done.stderr, done
    assert tree(store) == before
    # A library that changed where it lies.
    file = next((store / "cut" / "1.1.0").glob("*.so"))
    file.write_bytes(file.read_bytes() + b"x")
    says(plugin(config, "enable", "cut@1.1.0", status=DATA), "not what was installed", "install its bundle again")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "16px"), "--plugins", BUILD / "plugins", "--plugins", store, status=DATA), "not what was installed")
    plugin(config, "remove", "cut@1.1.0", "--force")
    plugin(config, "install", second)
    # A store that is not ours, and one that is everybody's.
    if os.geteuid() == 0:
        shutil.chown(store, "nobody")
        words = ["belongs to nobody", "sudo -u nobody recorte plugin"]
    else:
        os.chmod(store, 0o500)
        words = ["lock"]
    before = tree(store)
    for command in (["install", third], ["enable", "cut"], ["disable", "cut"], ["remove", "cut@1.0.0"]):
        says(plugin(config, *command, status=FORBIDDEN), str(store), *words)
    assert tree(store) == before
    if os.geteuid() == 0:
        shutil.chown(store, "root")
    os.chmod(store, 0o777)
    says(plugin(config, "install", third, status=FORBIDDEN), "anyone may write", "chmod o-w")
    assert b"anyone may write" in plugin(config, "list").stdout


def served(tmp, name, text=""):
    """A survey of the demo sky, with more in its file."""
    survey = (DEMO_SURVEYS / "demo.toml").read_text().replace('"../sky"', f'"{DEMO_SURVEYS.parent / "sky"}"')
    survey = survey.replace("[survey]", f'[survey]\nindex = "{DEMO_SURVEYS / "demo.index"}"', 1)
    (tmp / "surveys.d" / f"{name}.toml").write_text(survey + text)


def surveys_get_the_versions_they_pin(tmp):
    fits = astropy_fits()
    config, store = configured(tmp)
    for version in ("1.2.0", "1.9.0", "2.0.0"):
        plugin(config, "install", bundle(tmp, version, plugin="tiles"))
    plugin(config, "install", bundle(tmp, "1.0.0"))
    path = {"RECORTE_PLUGIN_PATH": str(store)}
    served(tmp, "plain")
    served(tmp, "old", '\n[plugins]\ntiles = ">=1.2,<2"\ncut = "0.1"\n')

    def made_by(survey):
        out = tmp / "a.fits"
        cut(out, *at(EXAMPLE, "16px"), survey=survey, surveys=tmp / "surveys.d", env=path)
        with fits.open(out) as hdus:
            head = hdus[0].header if "RCADAPT" in hdus[0].header else hdus[1].header
            return head["RCADAPT"], head["RCALGO"]

    def shown(survey):
        done = run("survey", "show", survey, "--surveys", tmp / "surveys.d", env=path)
        return json.loads(done.stdout)["plugin"]

    # What is not enabled is not used, and a pin that only it meets says so.
    assert made_by("plain") == ("tiles 0.1.0", "cut 0.1.0")
    done = run("survey", "show", "old", "--surveys", tmp / "surveys.d", env=path, status=USAGE)
    line = [n for n, text in enumerate((tmp / "surveys.d" / "old.toml").read_text().splitlines(), 1) if text.startswith("tiles")][0]
    says(done, f"old.toml:{line}: ", 'no version of tiles meets ">=1.2,<2": there is 0.1.0', "recorte plugin enable tiles@1.9.0")
    said = plugin(config, "enable", "tiles@1.2.0").stdout.decode()
    assert "survey old: tiles 1.2.0\n" in said and "survey plain: tiles 1.2.0 instead of 0.1.0\n" in said, said
    for name in ("tiles@1.9.0", "tiles", "cut"):
        plugin(config, "enable", name)
    # Two surveys, two versions of an adapter and of an algorithm, in one worker.
    assert shown("plain") == "tiles 2.0.0" and shown("old") == "tiles 1.9.0"
    (tmp / "list.csv").write_text("id,survey,ra,dec\n" + "".join(f"{s},{s},{EXAMPLE[0]},{EXAMPLE[1]}\n" for s in ("plain", "old")))
    run("cut", "--surveys", tmp / "surveys.d", "--positions", tmp / "list.csv", "--size", "16px", "--jobs", "1",
        "-o", tmp / "out", env=path)
    by = {}
    for survey in ("plain", "old"):
        with fits.open(tmp / "out" / f"{survey}.fits") as hdus:
            head = next(h.header for h in hdus if "RCADAPT" in h.header)
            by[survey] = (head["RCADAPT"], head["RCALGO"])
    assert by == {"plain": ("tiles 2.0.0", "cut 1.0.0"), "old": ("tiles 1.9.0", "cut 0.1.0")}, by
    # Back to an older one, and forth.
    said = plugin(config, "enable", "tiles@1.9.0", "--only").stdout.decode()
    assert "survey plain: tiles 1.9.0 instead of 2.0.0\n" in said and "survey old" not in said, said
    assert made_by("plain")[0] == "tiles 1.9.0"
    assert b"survey plain: tiles 2.0.0 instead of 1.9.0\n" in plugin(config, "enable", "tiles").stdout
    # An older one that is installed and enabled is not the one that is used, and says so.
    said = plugin(config, "install", bundle(tmp, "1.5.0", plugin="tiles"), "--enable").stdout.decode()
    assert "1.5.0 is older than 2.0.0" in said and "--only" in said and "\nsurvey " not in said, said
    assert made_by("plain")[0] == "tiles 2.0.0"
    # What is used is not removed, unless it has to be.
    says(plugin(config, "remove", "tiles@1.9.0", status=USAGE), "is what old is served by", "--force")
    says(plugin(config, "remove", "tiles", status=USAGE), "several versions", "tiles@1.9.0")
    plugin(config, "remove", "tiles@1.2.0")
    said = plugin(config, "remove", "tiles@1.9.0", "--force").stdout.decode()
    assert "survey old: tiles 1.5.0 instead of 1.9.0\n" in said, said
    said = plugin(config, "disable", "tiles@1.5.0").stdout.decode()
    assert "survey old: there is no tiles for it now; it cannot be served\n" in said, said
    # Numbers, not text; and pins that are none.
    for text, *words in (('tiles = "=1.10"', "meets", "there is 2.0.0, 0.1.0"),
                         ('tiles = "^2"', "'^2' is no condition"), ("tiles = 2", "between quotes"),
                         ('tyles = "2"', 'no plugin "tyles"', 'did you mean "tiles"'), ('tiles = ">=2,<1"', "exclude each other")):
        served(tmp, "old", f"\n[plugins]\n{text}\n")
        says(run("survey", "show", "old", "--surveys", tmp / "surveys.d", env=path, status=USAGE), "old.toml:", *words)


def a_server_has_what_is_enabled(tmp):
    """Behind the fence of its workers, too; and goes on with it until it is told."""
    fits = astropy_fits()
    config, store = configured(tmp)
    plugin(config, "install", bundle(tmp, "1.0.0"), "--enable")
    served(tmp, "plain")
    served(tmp, "old", '\n[plugins]\ncut = "0.1"\n')
    with serving(tmp, surveys=tmp / "surveys.d", config=config.read_text()) as server:
        def made_by(survey):
            answer = server.cutout(survey=survey, size="16px")
            assert answer.status == 200, answer.text
            with fits.open(io.BytesIO(answer.body)) as hdus:
                return next(h.header["RCALGO"] for h in hdus if "RCALGO" in h.header)

        assert (made_by("plain"), made_by("old")) == ("cut 1.0.0", "cut 0.1.0")
        said = plugin(config, "disable", "cut").stdout.decode()
        assert "survey plain" not in said and "a server runs on" in said and "recorte reload" in said, said
        assert made_by("plain") == "cut 1.0.0"
    assert b"a server runs" not in plugin(config, "enable", "cut").stdout


def commands_show_what_there_is(tmp):
    config, store = configured(tmp)
    says(plugin(config, "enable", "cut", status=NOT_FOUND), "no plugin 'cut' is installed", "nothing is")
    plugin(config, "install", bundle(tmp, "1.2.0"), "--enable")
    plugin(config, "install", bundle(tmp, "1.1.0"))
    served(tmp, "one", '\n[plugins]\ncut = "1"\n')
    rows = [line.split() for line in plugin(config, "list").stdout.decode().splitlines()]
    assert [(r[1], r[3]) for r in rows if r[0] == "cut"] == [("1.2.0", "enabled"), ("0.1.0", "built") , ("1.1.0", "disabled")], rows
    said = plugin(config, "info", "cut").stdout.decode()
    for part in ("version      1.2.0", "state        installed, enabled", "surveys      one\n", "# cut 1.2.0\n\nCuts stamps.", "nobody's"):
        assert part in said, said
    assert "not enabled" in plugin(config, "info", "cut@1.1.0").stdout.decode()
    assert "in a directory" in plugin(config, "info", "cut@0.1.0").stdout.decode()
    said = plugin(config, "info", bundle(tmp, "3.0.0")).stdout.decode()
    assert "state        a bundle" in said and "# cut 3.0.0" in said, said
    (tmp / "no.recorte").write_text("hello")
    says(plugin(config, "info", tmp / "no.recorte", status=DATA), "no.recorte: it is no bundle")
    says(plugin(config, "info", "cat", status=NOT_FOUND), "did you mean cut?")
    says(plugin(config, "enable", "cut@3.0.0", status=NOT_FOUND), "there is 1.2.0, 1.1.0")
    assert plugin(config, "disable", "cut").stdout.startswith(b"disabled cut@1.2.0\n")
    assert plugin(config, "disable", "cut").stdout.startswith(b"cut was not enabled\n")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
