"""What the tests of the surveys' own adapters share."""
# SPDX-License-Identifier: BSD-3-Clause
from harness import run


def survey(tmp, name, plugin, root, text="", rest=""):
    """Writes surveys.d/NAME.toml of an adapter that has an index, and makes that; returns the directory and what
    indexing said."""
    surveys = tmp / "surveys.d"
    surveys.mkdir(exist_ok=True)
    (surveys / f"{name}.toml").write_text(f'[survey]\nplugin = "{plugin}"\nroot = "{root}"\n{text}\n{rest}\n')
    return surveys, run("survey", "index", "--name", name, "--surveys", surveys, "--verbose").stdout.decode()

