"""Rows of lists: 1,000 positions of 200 x 200 pixels into 1,000 files on disk, and 10,000 and 100,000 into one archive."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import cold
import data
from bench_context import HERE, PYTHON, need
from measure import Failed, Measured, Missing, PeakMemory, answer, spend, spend_many

FILES = 1000


def write_lists(context, count):
    """The same positions as a CSV for us and Python, and as sections for CFITSIO."""
    places = list(zip(*(values.tolist() for values in data.positions(count, context.next_seed()))))
    positions, sections = context.work / "positions.csv", context.work / "sections"
    with open(positions, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "ra", "dec"])
        writer.writerows([f"c{i}", repr(ra), repr(dec)] for i, (_, _, ra, dec) in enumerate(places))
    with open(sections, "w") as file:
        for i, (x, y, _, _) in enumerate(places):
            file.write(f"c{i} {int(x) - 99} {int(x) + 100} {int(y) - 99} {int(y) + 100}\n")
    return places, positions, sections


def ours(context, kind, positions, where=None):
    """Wall seconds of `recorte cut --positions` into a directory."""
    out = context.empty("ours", where)
    spent = spend(context.recorte_cut(kind, "--positions", positions, "--size", "200px", "-o", out))
    made = sum(1 for path in out.glob("*.fits"))
    if made != FILES:
        raise Failed(f"recorte made {made} files, not {FILES}")
    return spent.wall


def by_fitscut(context, kind, places, positions, sections, out):
    need("fitscut")
    return spend_many(cold.fitscut(context.image(kind), int(x) - 100, int(y) - 100, out / f"c{i}.fits")
                      for i, (x, y, _, _) in enumerate(places))


def by_cfitsio(context, kind, places, positions, sections, out):
    return answer([context.program("cfitsio_bulk"), context.image(kind), sections, out])


def by_python(way):
    def peer(context, kind, places, positions, sections, out):
        if way == "astrocut":
            python = os.environ.get("RECORTE_BENCH_ASTROCUT", PYTHON)
            if subprocess.run([python, "-c", "import astrocut"], capture_output=True).returncode != 0:
                raise Missing("astrocut is not installed (RECORTE_BENCH_ASTROCUT names a Python that has it)")
        else:
            python = PYTHON
        return answer([python, HERE / "python_peers.py", way, context.image(kind), positions, out])
    return peer


def bulk(kind, peer):
    def run(context):
        lists = write_lists(context, FILES)
        mine, theirs = [ours(context, kind, lists[1])], []
        for _ in range(context.count(2, 1)):
            out = context.empty("theirs")
            theirs.append(peer(context, kind, *lists, out))
            made = sum(1 for path in out.glob("*") if path.is_file())
            if made != FILES:
                raise Failed(f"the peer made {made} files, not {FILES}")
            mine += [ours(context, kind, lists[1]), ours(context, kind, lists[1])]
        with tempfile.TemporaryDirectory(prefix="recorte-bench-", dir="/dev/shm") as tmpfs:
            in_memory = statistics.median(ours(context, kind, lists[1], pathlib.Path(tmpfs)) for _ in range(3))
        return Measured(mine, theirs, extra={"ours_tmpfs": in_memory})
    return run


def archive(context, count):
    """(seconds a position, bytes of memory at the peak, bytes of the archive) for one list into one tar on disk."""
    _, positions, _ = write_lists(context, count)
    out = context.empty("archive") / "out.tar"
    free, needed = shutil.disk_usage(out.parent).free, count * 200_000
    if free < needed:
        raise Missing(f"the disk has {free / 1e9:.0f} GB free, {needed / 1e9:.0f} GB are needed")
    command = context.recorte_cut("plain", "--positions", positions, "--size", "200px", "-o", out)
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with PeakMemory(process.pid) as memory:
        complaints = process.communicate()[1]
    seconds = time.monotonic() - begin
    if process.returncode != 0:
        raise Failed(complaints[-500:])
    size = out.stat().st_size
    shutil.rmtree(out.parent)
    return seconds / count, memory.peak, size


def bulk_10k(context):
    runs = [archive(context, 10_000) for _ in range(context.count(3, 1))]
    return Measured([1 / seconds for seconds, _, _ in runs], None, "1/s",
                    {"peak_memory": max(peak for _, peak, _ in runs), "archive_bytes": runs[0][2]})


def stream(context, count):
    """The same into a tar on standard output, which somebody counts and forgets: 17 GB on disk would measure the disk."""
    _, positions, _ = write_lists(context, count)
    command = context.recorte_cut("plain", "--positions", positions, "--size", "200px", "-o", "-")
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    counter = subprocess.Popen(["wc", "-c"], stdin=process.stdout, stdout=subprocess.PIPE)
    process.stdout.close()
    with PeakMemory(process.pid) as memory:
        size = int(counter.communicate()[0])
        complaints = process.stderr.read()
        process.wait()
    seconds = time.monotonic() - begin
    if process.returncode != 0:
        raise Failed(complaints.decode()[-500:])
    return seconds / count, memory.peak, size


def bulk_100k(context):
    before, large, after = stream(context, 10_000), stream(context, 100_000), stream(context, 10_000)
    return Measured([large[0]], [before[0], after[0]],
                    extra={"peak_memory": large[1], "peak_memory_10k": max(before[1], after[1]), "archive_bytes": large[2]})
