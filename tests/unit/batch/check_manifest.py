"""Opens the manifests in a directory with astropy and votlint: they must be valid, and say the same in every form."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.io.votable import parse
from astropy.io.votable.exceptions import W03
from astropy.table import Table

here = Path(sys.argv[1])
warnings.simplefilter("error")
# astropy wants every name to be an XML ID, which "Ω" is not.
warnings.filterwarnings("ignore", category=W03)

with open(here / "manifest.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
document = json.loads((here / "manifest.json").read_text(encoding="utf-8"))
products = document["products"]
votable = parse(here / "manifest.vot", verify="exception").get_first_table()
with fits.open(here / "manifest.fits") as file:
    file.verify("exception")
    table = file[1].data
    header = file[1].header
    assert header["EXTNAME"] == "MANIFEST" and header["job id"] == document["job"]["id"], header
assert len(Table.read(here / "manifest.fits")) == len(rows)

names = list(rows[0])
assert names == [f.name for f in votable.fields] == list(products[0]), names
assert table.names == ["__" if n == "Ω" else n for n in names], table.names
assert len(rows) == len(products) == len(votable.array) == len(table)
whole = {f.name for f in votable.fields if f.datatype == "long"}
real = {f.name for f in votable.fields if f.datatype == "double"}
assert {"row", "bytes", "width", "height"} == whole, whole
for i, row in enumerate(rows):
    for (name, text), key, column in zip(row.items(), votable.array.dtype.names, table.names):
        product, xml, binary = products[i][name], votable.array[key][i], table[column][i]
        if name in whole:
            assert (product, int(binary)) == ((int(text), int(text)) if text else (None, -1)), (name, i)
            assert np.ma.is_masked(xml) if not text else int(xml) == int(text), (name, i)
        elif name in real:
            if text:
                assert product == float(text) == float(xml) == float(binary), (name, i)
            else:
                assert product is None and np.isnan(binary), (name, i)
        else:
            if isinstance(product, list):
                product = (" " if name == "images" else ",").join(product)
            assert (product or "") == text, (name, i, product, text)
            # XML has no control characters, FITS no UTF-8, and both are read without blanks around.
            legal = "".join("?" if c < " " and c not in "\t\r\n" else c for c in text)
            assert str(xml) == legal.strip(), (name, i, xml, legal)
            plain = "".join(chr(b) if 32 <= b < 127 else "?" for b in text.encode())
            assert str(binary) == plain[:4096].rstrip(), (name, i, binary, plain)

if shutil.which("stilts"):
    said = subprocess.run(["stilts", "votlint", f"votable={here / 'manifest.vot'}"], capture_output=True, text=True)
    assert said.returncode == 0 and not said.stdout.strip() and not said.stderr.strip(), said.stdout + said.stderr
