"""Prints what tarfile finds in an archive: a line an entry, its name
(escaped), size, time, mode, kind and SHA-1 between tabs."""
# SPDX-License-Identifier: BSD-3-Clause
import hashlib
import sys
import tarfile

with tarfile.open(sys.argv[1], "r:") as archive:
    for entry in archive:
        digest = hashlib.sha1(archive.extractfile(entry).read()).hexdigest()
        print(ascii(entry.name), entry.size, int(entry.mtime), oct(entry.mode), entry.isreg(), digest, sep="\t")
