"""Where the chaos driver finds the programs, and what it borrows from the integration tests."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def use(build):
    """Before anything else of this directory is imported."""
    for name, value in {"RECORTE": build / "bin" / "recorte", "RECORTE_DEMO": "", "RECORTE_SOURCE": ROOT,
                        "RECORTE_BUILD": build}.items():
        os.environ.setdefault(name, str(value))
    sys.path.insert(0, str(ROOT / "tests" / "integration"))
