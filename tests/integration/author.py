"""`recorte plugin new`, `check` and `try`, as an author uses them."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import re
import shutil
import sys

from harness import BUILD, DEMO_SURVEYS, EXAMPLE, SOURCE, astropy_fits, at, cut, main, run, says

PLUGIN_FAULT = 9
USAGE = 2
DEMO = ["--survey", DEMO_SURVEYS / "demo.toml"]


def report_of(done):
    """A TAP report as a list of (good, name, skipped, message)."""
    text = done.stdout.decode()
    assert text.startswith("TAP version 14\n1.."), text[:200]
    plan = int(re.match(r"TAP version 14\n1\.\.(\d+)\n", text)[1])
    found = re.findall(r'^(not )?ok (\d+) - (.*?)(?: # SKIP (.*))?$(?:\n  ---\n  message: (.*)\n  \.\.\.$)?', text, re.M)
    assert [int(number) for _, number, *_ in found] == list(range(1, plan + 1)), text
    return [(not bad, name, skipped, json.loads(message) if message else "") for bad, _, name, skipped, message in found]


def check(plugin, *options, status=0):
    """The report, and what is not ok in it, by name."""
    report = report_of(run("plugin", "check", plugin, *options, status=status, timeout=280))
    return report, {name: message for good, name, _, message in report if not good}


def new_refuses_what_is_no_good(tmp):
    """One that is taken is refused, and stays as it is; so is a name that is no plugin's."""
    import os
    os.chdir(tmp)
    made = run("plugin", "new", "survey", "my-sky").stdout.decode()
    files = {p.name for p in (tmp / "my-sky").iterdir()}
    assert files == {"CMakeLists.txt", "README.md", "images.csv", "my-sky.cpp", "my-sky.toml", "my-sky_test.cpp", "plugin.json"}
    assert all(f"my-sky/{name}\n" in made for name in files), made
    text = (tmp / "my-sky" / "my-sky.cpp").read_text()
    assert "class MySky" in text and "@" not in text, text
    assert json.loads((tmp / "my-sky" / "plugin.json").read_text())["name"] == "My Sky"
    (tmp / "my-sky" / "my-sky.cpp").write_text("mine")
    says(run("plugin", "new", "algorithm", "my-sky", status=USAGE), "my-sky is there already")
    assert (tmp / "my-sky" / "my-sky.cpp").read_text() == "mine"
    (tmp / "link").symlink_to("nowhere")
    says(run("plugin", "new", "survey", "link", status=USAGE), "is there already")
    for name in ("", "My", "9lives", "a/b", "../up", "a b", "é", "x" * 65, "test", "all"):
        says(run("plugin", "new", "survey", name, status=USAGE), "cannot be called")
        assert not name or not (tmp / name).exists(), name
    says(run("plugin", "new", "telescope", "x", status=USAGE), "telescope")
    assert {p.name for p in tmp.iterdir()} == {"my-sky", "link"}


def bundled_plugins_keep_the_contract(tmp):
    """All of them; the adapters that need a survey of their own say so, and tiles is given one."""
    plugins = sorted((BUILD / "plugins").glob("*.so"))
    assert len(plugins) >= 6, plugins
    for plugin in plugins:
        report, wrong = check(plugin, *DEMO) if plugin.name == "tiles.so" or is_algorithm(plugin) else check(plugin)
        assert not wrong, (plugin.name, wrong)
        assert len(report) > 14, report
        skipped = [why for *_, why, _ in report if why]
        if plugin.name == "tiles.so" or is_algorithm(plugin):
            assert not skipped, (plugin.name, skipped)
        else:
            assert not skipped or "--survey" in skipped[0], skipped


def is_algorithm(plugin):
    return b"recorte.algorithm" in run("plugin", "probe", plugin).stdout


# Of each vice a line that is not ok, and what it says.
VICES = {
    "missing-manifest": ("its manifest", "manifest"),
    "broken-manifest": ("its manifest", "manifest"),
    "foreign-abi": ("its manifest", "9.0"),
    "missing-symbol": ("it exports recorte_plugin_v1", "RECORTE_PLUGIN"),
    "lying-abi": ("it loads", "ABI"),
    "short-plugin": ("it loads", "bytes"),
    "short-table": ("it loads", "too short"),
    "null-function": ("it loads", "lacks a function"),
    "null-get-interface": ("it loads", "null"),
    "missing-interface": ("it loads", "is not there"),
    "refusing-entry": ("it loads", "vice-refusing-entry"),
    "forged-verdict": ("it loads", "verdict"),
    "garbage": ("it loads", "descriptors"),
    "missing-dependency": ("it loads", "vice_ghost"),
    "segfault-constructor": ("it loads", "SIGSEGV"),
    "exit-constructor": ("it loads", "exit status"),
    "loop-constructor": ("it loads", "hung"),
    "abort-entry": ("it loads", "SIGABRT"),
    "throw-entry": ("it loads", "threw"),
    "hog-entry": ("it loads", "out of memory"),
    "closing": ("it loads", "vice-closing"),
    "litter-constructor": ("the process is left as it was", "litter"),
    "forking": ("it loads", "hung"),
    "segfault-destructor": ("it loads", "SIGSEGV"),
    "segfault-open": ("open: as often as asked", "SIGSEGV"),
    "throw-open": ("open: as often as asked", "threw"),
    "segfault-outline": ("it makes its products", "SIGSEGV"),
    "throw-outline": ("it makes its products", "threw"),
    "segfault-run": ("it makes its products", "SIGSEGV"),
    "exit-run": ("it makes its products", "ended the process (exit status 0)"),
    "throw-run": ("it makes its products", "threw"),
    "leak-run": ("nothing leaks", "bytes more each time"),
    "threads-run": ("it stops when it is cancelled", ""),
    "leak-find": ("nothing leaks", "bytes more each time"),
    "threads-find": ("nothing leaks", "threads are left"),
    "segfault-describe": ("describe:", "SIGSEGV"),
    "abort-find": ("the images of the whole sky", "SIGABRT"),
    "throw-find": ("the images of the whole sky", "exception"),
}
HANGS = {"loop-outline": "it makes its products", "loop-run": "it stops when it is cancelled",
         "loop-find": "it stops when it is cancelled"}


def each_vice_is_found(tmp):
    missed = []
    for vice, (line, says_so) in VICES.items():
        options = [] if vice.endswith(("-describe", "-find")) else DEMO
        _, wrong = check(BUILD / "vices" / f"vice-{vice}.so", *options, status=PLUGIN_FAULT)
        if not any(says_so in message for name, message in wrong.items() if line in name):
            missed.append((vice, wrong))
    assert not missed, missed
    _, wrong = check(BUILD / "vices" / "vice-nothing.so", *DEMO)
    assert not wrong, wrong


def what_hangs_is_ended(tmp):
    for vice, line in HANGS.items():
        options = ["--timeout", "0.5", *([] if vice.endswith("-find") else DEMO)]
        _, wrong = check(BUILD / "vices" / f"vice-{vice}.so", *options, status=PLUGIN_FAULT)
        found = [message for name, message in wrong.items() if line in name]
        assert found and "it hung" in found[0], (vice, wrong)


def try_tells_what_came_of_it(tmp):
    fits = astropy_fits()
    place = ["--ra", EXAMPLE[0], "--dec", EXAMPLE[1], "--size", "40px"]
    out = run("plugin", "try", BUILD / "plugins" / "tiles.so", *DEMO, *place, "-o", tmp / "a.fits").stdout.decode()
    for part in ("Recorte demo sky", "bands g, r, i", "3 found", "demo_T0002_g.fits", "product: fits of 40 x 40 pixels"):
        assert part in out, out
    cut(tmp / "b.fits", *at(EXAMPLE, "40px"))
    with fits.open(tmp / "a.fits") as tried, fits.open(tmp / "b.fits") as real:
        assert (tried["g"].data == real["g"].data).all()
    out = run("plugin", "try", BUILD / "plugins" / "lupton.so", *DEMO, *place, "-o", tmp / "a.png").stdout.decode()
    assert "product: png" in out and (tmp / "a.png").read_bytes().startswith(b"\x89PNG")
    # What goes wrong is explained.
    says(run("plugin", "try", BUILD / "vices" / "vice-segfault-run.so", *DEMO, *place, status=PLUGIN_FAULT), "SIGSEGV", "run()")
    says(run("plugin", "try", BUILD / "vices" / "vice-loop-run.so", *DEMO, *place, "--timeout", "0.5", status=PLUGIN_FAULT), "hung")
    says(run("plugin", "try", BUILD / "plugins" / "tiles.so", *place, status=USAGE), "--survey")
    says(run("plugin", "try", BUILD / "plugins" / "tiles.so", *DEMO, "--ra", "100", "--dec", "-45", status=4), "no image")


def a_survey_of_another_plugin_is_refused(tmp):
    shutil.copy(DEMO_SURVEYS / "demo.toml", tmp / "other.toml")
    (tmp / "other.toml").write_text('[survey]\nplugin = "des"\n')
    says(run("plugin", "check", BUILD / "plugins" / "tiles.so", "--survey", tmp / "other.toml", status=USAGE), "of the plugin des")
    says(run("plugin", "check", tmp / "none.so", status=3), "none.so")
    says(run("plugin", "check", BUILD / "plugins" / "tiles.so", "--survey", tmp / "none.toml", status=3), "none.toml")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
