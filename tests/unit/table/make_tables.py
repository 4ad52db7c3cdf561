"""Writes one list in every form, with astropy and with stilts, into a directory; expected.json says what is in it."""
# SPDX-License-Identifier: BSD-3-Clause
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from astropy.io import votable
from astropy.table import MaskedColumn, Table

out = Path(sys.argv[1])
big = 9007199254740993  # no double
table = Table({
    "id": ["0012", "NGC 1, \"a\"", "Ωmega <&>", "last"],
    "objid": np.array([big, -1, 0, 2**62], np.int64),
    "ra": [150.1, 0.0, 359.9999999, 10.25],
    "dec": [2.2, -89.5, 1e-7, -0.0],
    "mag": np.array([17.1, np.nan, -1.5, 32.25], np.float32),
    "n": MaskedColumn(np.array([1, 2, 3, 4], np.int16), mask=[False, True, False, False]),
    "flag": [True, False, True, False],
    "small": np.array([0, 255, 7, 8], np.uint8),
})
rows = [
    ["0012", str(big), "150.1", "2.2", "17.1", "1", "true", "0"],
    ["NGC 1, \"a\"", "-1", "0", "-89.5", "", "", "false", "255"],
    ["Ωmega <&>", "0", "359.9999999", "1e-07", "-1.5", "3", "true", "7"],
    ["last", str(2**62), "10.25", "-0", "32.25", "4", "false", "8"],
]
files = {}


def add(name, changed=None):
    files[name] = [[(changed or {}).get((r, c), v) for c, v in enumerate(row)] for r, row in enumerate(rows)]


for serialisation in ("tabledata", "binary", "binary2"):
    tree = votable.from_table(table)
    tree.get_first_table().get_field_by_id("n").values.null = -32768  # BINARY has no other null
    name = f"astropy-{serialisation}.vot"
    votable.writeto(tree, str(out / name), tabledata_format=serialisation)
    add(name, {(r, 6): str(int(row[6] == "true")) for r, row in enumerate(rows)})  # astropy's booleans are bits

# FITS has ASCII only.
plain = table.copy()
plain["id"] = ["0012", "NGC 1, \"a\"", "Omega <&>", "last"]
plain.write(out / "astropy.fits", overwrite=True)
add("astropy.fits", {(2, 0): "Omega <&>"})
(out / "astropy.fits.gz").write_bytes(gzip.compress((out / "astropy.fits").read_bytes()))
add("astropy.fits.gz", {(2, 0): "Omega <&>"})

records = [{name: (None if np.ma.is_masked(v) or v != v else v.item() if hasattr(v, "item") else v)
            for name, v in zip(table.colnames, row)} for row in table]
for r in records:
    if r["mag"] is not None:
        r["mag"] = float(str(np.float32(r["mag"])))
json_text = {(0, 2): "150.1", (1, 2): "0.0", (3, 3): "-0.0"}
for name, value in (("list.json", records), ("positions.json", {"survey": "x", "n": [[1], {}], "positions": records}),
                    ("columns.json", {"rows": [list(r.values()) for r in records], "columns": table.colnames})):
    (out / name).write_text(json.dumps(value))
    add(name, json_text)
(out / "list.json.gz").write_bytes(gzip.compress(json.dumps(records[:2]).encode()) )
files["list.json.gz"] = files["list.json"][:2]

# From FITS: stilts cannot read the bits that astropy writes for booleans.
for kind, ending in (("votable-tabledata", "vot"), ("votable-binary-inline", "vot"),
                     ("votable-binary2-inline", "vot"), ("fits-basic", "fits"), ("fits-var", "fits"), ("csv", "csv")):
    if not shutil.which("stilts"):
        break
    name = f"stilts-{kind}.{ending}"
    subprocess.run(["stilts", "tcopy", f"in={out}/astropy.fits", "ifmt=fits", f"out={out / name}", f"ofmt={kind}"],
                   check=True, capture_output=True)
    changed = {(2, 0): "Omega <&>"}
    if "csv" in kind or "tabledata" in kind:
        changed |= {(1, 2): "0.0", (2, 3): "1.0E-7", (3, 3): "-0.0"}
    add(name, changed)

(out / "expected.json").write_text(json.dumps({"columns": table.colnames, "files": files}))
