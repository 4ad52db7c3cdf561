#!/usr/bin/python3
"""Whether the audit finds what it is there for: each kind of violation is planted in a service that is well, has to be
named, and is taken away again.

    tests/chaos/planted.py --build build/release
"""
# SPDX-License-Identifier: BSD-3-Clause
import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

import setting


@contextlib.contextmanager
def file_there(path):
    path.write_text("x")
    yield
    path.unlink()


@contextlib.contextmanager
def file_gone(path):
    aside = path.with_name("aside")
    data = path.read_bytes()
    path.unlink()
    yield
    aside.write_bytes(data)
    aside.rename(path)


@contextlib.contextmanager
def byte_changed(path):
    def flip():
        with open(path, "r+b") as file:
            file.seek(5000)
            byte = file.read(1)
            file.seek(5000)
            file.write(bytes([byte[0] ^ 1]))
    flip()
    yield
    flip()


@contextlib.contextmanager
def changed(world, there, back):
    """Rows of the database."""
    world.change(there)
    yield
    world.change(back)


@contextlib.contextmanager
def process_left(world):
    process = subprocess.Popen(["sleep", "600"], env={**os.environ, "TMPDIR": str(world.directory / "tmp")})
    yield
    process.kill()
    process.wait()


@contextlib.contextmanager
def with_value(mapping, key, value):
    """None: without it."""
    was = mapping.pop(key)
    if value is not None:
        mapping[key] = value
    yield
    mapping[key] = was


def plants(storm):
    """(what the audit has to say, the violation)."""
    world, notes = storm.world, storm.notes
    job = next(job for job in notes.jobs.values() if job.owner == "ana" and job.variant == "stamp"
               and any(storm.peace.covered(job.survey, job.variant, name) for name in job.names))
    directory = world.results / job.id
    pack = max(directory.glob("*.pack"), key=lambda path: path.stat().st_size)
    made = next(name for name in job.names if storm.peace.covered(job.survey, job.variant, name))
    act = notes.acts[0][2]
    of_job = f"where id = '{job.id}'"
    yield "does not know", file_there(world.results / "stray")
    yield "does not know", file_there(directory / "task-009999.pack")
    yield "nobody knows", file_there(world.servers[0].data / "stray")
    yield "a product was left", file_there(world.servers[0].data / "spill" / "stray")
    yield "a temporary file", file_there(world.directory / "tmp" / "stray")
    yield "lacks", file_gone(pack)
    yield "Bad CRC-32", byte_changed(pack)
    yield "another product than in peace", with_value(storm.peace.digests, (job.survey, job.variant, made), "0")
    yield "images cover it", with_value(storm.peace.digests, next(
        (j.survey, j.variant, name) for j in notes.jobs.values() for name in j.names
        if not j.may_be_gone and not storm.peace.covered(j.survey, j.variant, name)), "0")
    yield "the ledger has", changed(world, "update ledger set cutouts = cutouts + 1 where owner = 'ana'",
                                    "update ledger set cutouts = cutouts - 1 where owner = 'ana'")
    yield "microseconds of work", changed(world, "update ledger set work_us = work_us + 1 where owner = 'ana'",
                                          "update ledger set work_us = work_us - 1 where owner = 'ana'")
    yield "in real time", changed(world, "update ledger set cutouts = cutouts + 100 where owner = 'rita'",
                                  "update ledger set cutouts = cutouts - 100 where owner = 'rita'")
    for words, there, back in (("bytes are said to be kept", "bytes = bytes + 1", "bytes = bytes - 1"),
                               ("is charged with", "charged = charged + 1", "charged = charged - 1"),
                               ("is still PENDING", "phase = 'PENDING'", "phase = 'COMPLETED'")):
        yield words, changed(world, f"update job set {there} {of_job}", f"update job set {back} {of_job}")
    yield "the database does not know it", changed(
        world, f"update job set id = 'x' || id {of_job}", f"update job set id = '{job.id}' where id = 'x{job.id}'")
    yield "nobody sent the job", with_value(notes.jobs, job.id, None)
    yield "the audit trail does not know", changed(world, f"update audit set object = 'x' || object where object = '{act}'",
                                                   f"update audit set object = '{act}' where object = 'x{act}'")
    yield "descriptors of", with_value(storm.base.servers["a"], "anon_inode:[eventfd]", 0)
    yield "a process was left behind", process_left(world)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=setting.ROOT / "build" / "release")
    given = parser.parse_args()
    setting.use(given.build.resolve())
    from audit import Audit
    from serving import wait_until
    from storm import Storm
    from world import World

    world = World(pathlib.Path(tempfile.mkdtemp(prefix="recorte-chaos-", dir="/tmp")), "sqlite", clock=False, disk=False)
    try:
        storm = Storm(world, "planted", 3)
        storm.crowd.go()
        wait_until(lambda: sum(j.owner == "ana" and j.variant == "stamp" and not j.may_be_gone for j in notes_of(storm)) > 1
                   and storm.notes.drawn > 5, "some jobs")
        storm.rest()
        storm.run_again()

        def audit():  # not the last one: the janitor may not have been to what a job that is gone had made last
            return Audit(world, storm.notes, storm.peace, storm.base).run()

        storm.rest()
        assert not audit(), audit()
        count = 0
        for words, plant in plants(storm):
            with plant:
                found = audit()
            assert any(words in sentence for sentence in found), (words, found)
            count += 1
        assert not audit(), audit()
        print(f"{count} violations, each of them named")
    finally:
        world.end()
        world.remove()


def notes_of(storm):
    with storm.notes.lock:
        return list(storm.notes.jobs.values())


if __name__ == "__main__":
    sys.exit(main())
