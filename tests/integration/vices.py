"""Plugins that misbehave, through `recorte cut`: a sentence for the caller, and the next cutout works."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

from harness import BUILD, DEMO_SURVEYS, EXAMPLE, Skip, at, cut, main, run, says
from serving import serving, wait_until

PLUGIN_FAULT = 9
OUT_OF_BOUNDS = 7


def with_plugins(tmp, *vices):
    """A plugin directory with the good ones and the vices named."""
    directory = tmp / "plugins"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    for plugin in [*(BUILD / "plugins").glob("*.so"), *(BUILD / "vices" / f"vice-{v}.so" for v in vices)]:
        (directory / plugin.name).symlink_to(plugin)
    return directory


def broken_survey(tmp, plugin):
    """The demo survey, served by another adapter."""
    surveys = tmp / "surveys.d"
    shutil.rmtree(surveys, ignore_errors=True)
    shutil.copytree(DEMO_SURVEYS, surveys)
    (surveys / "broken.toml").write_text(f'[survey]\nplugin = "{plugin}"\n')
    text = (surveys / "demo.toml").read_text().replace('"../sky"', f'"{DEMO_SURVEYS.parent / "sky"}"')
    (surveys / "demo.toml").write_text(text)
    return surveys


def algorithm_vice(tmp, vice, status, *parts, options=()):
    """The vice costs its own cutout; in a list it costs its own rows; the next cutout works."""
    plugins = with_plugins(tmp, vice)
    common = ["--plugins", plugins, "--bands", "g"]
    done = cut(tmp / "a.fits", *at(EXAMPLE, "32px"), "--algorithm", f"vice-{vice}", *common, *options, status=status)
    says(done, f"vice-{vice}", *parts)
    assert not (tmp / "a.fits").exists()
    rows = [f"good1,,{EXAMPLE[0]},{EXAMPLE[1]}", f"bad,vice-{vice},{EXAMPLE[0]},{EXAMPLE[1]}", f"good2,,{EXAMPLE[0]},{EXAMPLE[1]}"]
    (tmp / "list.csv").write_text("id,algorithm,ra,dec\n" + "\n".join(rows) + "\n")
    done = cut(tmp / "out", "--positions", tmp / "list.csv", "--size", "16px", *common, *options, status=10)
    says(done, "2 cutouts", "1 failed", "bad: ")
    assert (tmp / "out" / "good1.fits").exists() and (tmp / "out" / "good2.fits").exists()
    cut(tmp / "b.fits", *at(EXAMPLE, "32px"), *common)


def survey_vice(tmp, vice, status, *parts, options=(), named=True):
    plugins = with_plugins(tmp, vice)
    surveys = broken_survey(tmp, f"vice-{vice}")
    done = cut(tmp / "a.fits", *at(EXAMPLE, "32px"), "--plugins", plugins, *options, survey="broken", surveys=surveys, status=status)
    says(done, *parts, *([f"vice-{vice}"] if named else []))
    cut(tmp / "b.fits", *at(EXAMPLE, "32px"), "--plugins", plugins, surveys=surveys)


def crash_at_load(tmp):
    algorithm_vice(tmp, "segfault-constructor", PLUGIN_FAULT, "SIGSEGV", "loaded")
    algorithm_vice(tmp, "exit-constructor", PLUGIN_FAULT, "exited", "loaded")
    algorithm_vice(tmp, "segfault-entry", PLUGIN_FAULT, "SIGSEGV")
    algorithm_vice(tmp, "abort-entry", PLUGIN_FAULT, "SIGABRT")


def crash_at_work(tmp):
    for act, how in (("segfault", "SIGSEGV"), ("abort", "SIGABRT"), ("exit", "exited")):
        algorithm_vice(tmp, f"{act}-run", PLUGIN_FAULT, how, "run()")
        survey_vice(tmp, f"{act}-find", PLUGIN_FAULT, how, "looked for images")
    algorithm_vice(tmp, "throw-run", PLUGIN_FAULT, "threw")
    survey_vice(tmp, "throw-find", PLUGIN_FAULT, "broken cannot be searched", named=False)
    algorithm_vice(tmp, "segfault-outline", PLUGIN_FAULT, "SIGSEGV", "outline()")
    algorithm_vice(tmp, "segfault-open", PLUGIN_FAULT, "SIGSEGV", "opened")
    survey_vice(tmp, "segfault-describe", PLUGIN_FAULT, "SIGSEGV", "described")


def hang(tmp):
    soon = ["--timeout", "1.5"]
    algorithm_vice(tmp, "loop-run", OUT_OF_BOUNDS, "longer than 1500 ms", "run()", options=soon)
    algorithm_vice(tmp, "loop-constructor", OUT_OF_BOUNDS, "longer than 1500 ms", options=soon)
    survey_vice(tmp, "loop-find", OUT_OF_BOUNDS, "longer than 1500 ms", options=soon)


def memory(tmp):
    """Past its limit a hog gets no memory; how it takes that is its own affair, and costs only itself."""
    if os.environ.get("RECORTE_SANITIZE"):
        raise Skip("no memory limit under a sanitizer, whose shadow memory is more than any limit")
    little = ["--memory", "512MiB", "--timeout", "20"]
    plugins = with_plugins(tmp, "hog-run", "hog-find")
    common = ["--plugins", plugins, "--bands", "g", *little]
    says(cut(tmp / "a.fits", *at(EXAMPLE, "32px"), *common, "--algorithm", "vice-hog-run", status=PLUGIN_FAULT),
         "vice-hog-run", "memory")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "32px"), *common, survey="broken", surveys=broken_survey(tmp, "vice-hog-find"),
             status=PLUGIN_FAULT), "memory")
    cut(tmp / "b.fits", *at(EXAMPLE, "32px"), *common)


def missing_pieces(tmp):
    for vice, part in (("missing-symbol", "recorte_plugin_v1"), ("lying-abi", "ABI"), ("short-plugin", "vice-short-plugin")):
        algorithm_vice(tmp, vice, PLUGIN_FAULT, part)
    for vice, part in (("missing-manifest", "manifest"), ("broken-manifest", "manifest"), ("foreign-abi", "9.0")):
        plugins = with_plugins(tmp, vice)
        listed = run("plugin", "list", "--plugins", plugins).stdout.decode()
        assert "refused" in listed and part in listed, listed
        refused = run("plugin", "probe", plugins / f"vice-{vice}.so", status=PLUGIN_FAULT)
        says(refused, part)
        cut(tmp / "b.fits", *at(EXAMPLE, "32px"), "--plugins", plugins)
    says(run("plugin", "probe", BUILD / "vices" / "vice-loop-entry.so", status=PLUGIN_FAULT), "vice-loop-entry")
    assert b"loads and answers" in run("plugin", "probe", BUILD / "plugins" / "cut.so").stdout


def leaks_and_threads(tmp):
    """A server whose plugins forget memory, or leave threads at work: what others ask for is made all the while."""
    if os.environ.get("RECORTE_SANITIZE"):
        raise Skip("no memory limit under a sanitizer, whose shadow memory is more than any limit")
    config = '[server.limits]\nrequests_per_second = 0\n[workers]\ncount = 1\nbatch = 1\nmemory = "512MiB"\n'
    with serving(tmp, "--plugins", with_plugins(tmp, "leak-run", "threads-run"), config=config) as server:
        def processes():
            listed = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True).stdout
            for pid in listed.split():
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    yield pathlib.Path("/proc", pid, "status").read_text()

        def most(what):
            found = [re.search(what + r":\s+(\d+)", text) for text in processes()]
            return max((int(number.group(1)) for number in found if number), default=0)  # the dead have none
        for vice in ("leak-run", "threads-run"):
            for _ in range(20):
                server.cutout(bands="g", algorithm=f"vice-{vice}")
                answer = server.cutout(bands="g")
                assert answer.status == 200, (vice, answer.status, answer.text)
            assert most("VmRSS") < 600 << 10, most("VmRSS")  # KiB
        # One of them failed often enough to be taken out of use, and its workers are gone with their threads.
        wait_until(lambda: "out of use" in server.cutout(bands="g", algorithm="vice-threads-run").text, "it to be out of use")
        wait_until(lambda: most("Threads") < 8, "the threads to be gone")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
