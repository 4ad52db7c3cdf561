"""What the tests of the surveys' own adapters share."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import io
import tarfile

from harness import run


def survey(tmp, name, plugin, root, text="", rest=""):
    """Writes surveys.d/NAME.toml of an adapter that has an index, and makes that; returns the directory and what
    indexing said."""
    surveys = tmp / "surveys.d"
    surveys.mkdir(exist_ok=True)
    (surveys / f"{name}.toml").write_text(f'[survey]\nplugin = "{plugin}"\nroot = "{root}"\n{text}\n{rest}\n')
    return surveys, run("survey", "index", "--name", name, "--surveys", surveys, "--verbose").stdout.decode()


def facts(tmp, name, surveys, ra, dec, *options):
    """The manifest's row of one cutout: zero point, unit, dates."""
    (tmp / "one.csv").write_text(f"ra,dec\n{ra!r},{dec!r}\n")
    run("cut", "--surveys", surveys, "--survey", name, "--positions", tmp / "one.csv", "--size", "8px", *options,
        "--overwrite", "-o", tmp / "one.tar")
    with tarfile.open(tmp / "one.tar") as archive:
        text = archive.extractfile("manifest.csv").read().decode()
    return next(csv.DictReader(io.StringIO(text)))
