"""What the integration tests share: running `recorte`, temporary directories, cases by name."""
# SPDX-License-Identifier: BSD-3-Clause
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile

RECORTE = os.environ["RECORTE"]
DEMO = pathlib.Path(os.environ["RECORTE_DEMO"])
SOURCE = pathlib.Path(os.environ["RECORTE_SOURCE"])
BUILD = pathlib.Path(os.environ["RECORTE_BUILD"])
DATA = pathlib.Path(os.environ.get("RECORTE_TEST_DATA", SOURCE.parent / "shared" / "data"))
DEMO_SURVEYS = DEMO / "surveys.d"
EXAMPLE = (0.055, 10.005)
os.environ.pop("RECORTE_SURVEYS", None)


class Skip(Exception):
    """The case cannot run here; the text says why."""


def astropy_fits():
    """astropy.io.fits, or a skip."""
    try:
        from astropy.io import fits
    except ImportError:
        raise Skip("python3-astropy is not installed")
    return fits


def test_data(name):
    """A directory of the real survey data, or a skip."""
    path = DATA / "surveys" / name
    if not path.is_dir():
        raise Skip(f"no survey data in {path}; set RECORTE_TEST_DATA")
    return path


def run(*arguments, status=0, timeout=120, env=None):
    """Runs recorte and checks its exit status. Returns the finished process, output as bytes."""
    command = [RECORTE, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=timeout, env={**os.environ, **(env or {})})
    assert done.returncode == status, (
        f"{' '.join(command)}\nexit {done.returncode}, expected {status}\n"
        f"{done.stdout[-2000:].decode(errors='replace')}{done.stderr[-4000:].decode(errors='replace')}")
    return done


def cut(output, *arguments, survey="demo", surveys=DEMO_SURVEYS, **options):
    """`recorte cut` from the demo sky unless another survey is named."""
    return run("cut", "--surveys", surveys, "--survey", survey, *arguments, "-o", output, **options)


def at(position, size):
    """The options of a stamp."""
    return ["--ra", repr(float(position[0])), "--dec", repr(float(position[1])), "--size", size]


def says(done, *parts):
    """Asserts that the complaint is one line and holds the parts."""
    text = done.stderr.decode()
    for part in parts:
        assert part in text, f"'{part}' is not in: {text}"
    return text


def main(module):
    """Runs the case that the command line names: a function of the module."""
    cases = {n: f for n, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__}
    with tempfile.TemporaryDirectory(prefix="recorte-") as directory:
        try:
            for name in sys.argv[1:]:
                cases[name](pathlib.Path(directory))
        except Skip as reason:
            print(f"SKIPPED: {reason}")
            return 0
    return 0
