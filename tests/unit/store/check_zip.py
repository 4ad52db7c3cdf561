"""Prints what zipfile finds in an archive, every CRC checked: a line an entry, its name (escaped),
size, compression, mode, time and SHA-1 between tabs."""
# SPDX-License-Identifier: BSD-3-Clause
import hashlib
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for entry in archive.infolist():
        digest = hashlib.sha1()
        with archive.open(entry) as content:
            while block := content.read(1 << 20):
                digest.update(block)
        time = "%04d-%02d-%02dT%02d:%02d:%02d" % entry.date_time
        print(ascii(entry.filename), entry.file_size, entry.compress_type, oct(entry.external_attr >> 16), time,
              digest.hexdigest(), sep="\t")
