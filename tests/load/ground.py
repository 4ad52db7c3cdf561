"""Where the load is put: a build, the demo sky, a server of its own with them."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[1:1] = [str(ROOT / "tests" / "integration"), str(ROOT / "tests" / "bench")]

CENTRE = (0.055, 10.005)  # of the demo sky
# Around it, in degrees: images cover nearly all of that.
REACH = 0.03
CONFIG = """[server.limits]
requests_per_second = 0
[log]
level = "warn"
"""


def use(build):
    """Before anything of tests/integration is imported, which reads these."""
    for name, value in {"RECORTE": build / "bin" / "recorte", "RECORTE_DEMO": "", "RECORTE_SOURCE": ROOT, "RECORTE_BUILD": build}.items():
        os.environ.setdefault(name, str(value))


@contextlib.contextmanager
def service(build, config="", surveys=(), arguments=()):
    """A server with the demo sky; the files of other surveys, made by their indexing, come in beside it. Its Server, with `directory`."""
    use(build)
    from serving import serving
    with tempfile.TemporaryDirectory(prefix="recorte-load-") as name:
        tmp = pathlib.Path(name)
        recorte = build / "bin" / "recorte"
        subprocess.run([recorte, "demo", tmp / "demo"], check=True, stdout=subprocess.DEVNULL)
        for survey, images in surveys:
            subprocess.run([recorte, "survey", "index", images, "--name", survey, "--surveys", tmp / "demo" / "surveys.d", "--seek"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with serving(tmp, *arguments, surveys=tmp / "demo" / "surveys.d", config=CONFIG + config) as server:
            server.directory = tmp
            yield server


def somewhere(random):
    """(ra, dec) on the demo sky."""
    return (CENTRE[0] + random.uniform(-REACH, REACH)) % 360, CENTRE[1] + random.uniform(-REACH, REACH)


def a_list(random, count):
    """So many positions of the demo sky, as CSV."""
    places = (somewhere(random) for _ in range(count))
    return "id,ra,dec\n" + "".join(f"o{i},{ra:.7f},{dec:.7f}\n" for i, (ra, dec) in enumerate(places))
