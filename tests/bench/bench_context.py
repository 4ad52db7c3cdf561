"""Where the benchmark works: programs, data, a directory for this run, and how often things are repeated."""
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import itertools
import os
import pathlib
import shutil
import subprocess

import data
from measure import Missing

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # Debian's, which has the peers
KINDS = ("plain", *data.KINDS, "colour", "mosaic")


@dataclasses.dataclass
class Context:
    build: pathlib.Path
    data: pathlib.Path
    work: pathlib.Path  # of this run, on the file system of the data
    seed: int  # of the positions
    repeat: int | None
    quick: bool
    seek: bool = False  # whether seek indexes were prepared
    numbers: itertools.count = dataclasses.field(default_factory=itertools.count)  # of directories

    def count(self, usual, quick):
        """How often: what the command line says, else as the row has it."""
        return self.repeat or (quick if self.quick else usual)

    def program(self, name):
        return self.build / "bin" / name

    @property
    def surveys(self):
        return self.work / "surveys.d"

    def image(self, kind, tile="tileA", band="g"):
        """The path of an image of the data."""
        return self.data / kind / f"{tile}_{band}.fits{'.fz' if kind in data.KINDS else ''}"

    def next_seed(self):
        """Other positions for every row and repetition."""
        self.seed += 1
        return self.seed

    def recorte_cut(self, survey, *options):
        return [self.program("recorte"), "cut", "--surveys", self.surveys, "--survey", survey, *options]

    def cut_bench(self, requests, image=None):
        """The command that times requests (canonical texts) in process, warm."""
        path = self.work / "requests"
        path.write_text("".join(f"{request}\n" for request in requests))
        return [self.program("cut_bench"), self.surveys, self.build / "plugins", path, *([image] if image else [])]

    def empty(self, name, where=None):
        """A new directory, the disk having written what came before. It stays until the run ends: for half a minute after
        files were removed, ext4 passes over their inodes one by one whenever it makes a file, up to a millisecond each."""
        directory = (where or self.work) / f"{name}-{next(self.numbers)}"
        directory.mkdir(parents=True)
        os.sync()
        return directory

    def index(self):
        """Each kind of data becomes a survey of that name. Seek indexes are prepared where this build knows how."""
        for kind in KINDS:
            command = [self.program("recorte"), "survey", "index", self.data / kind, "--name", kind, "--surveys", self.surveys]
            seek = subprocess.run([*command, "--seek"], capture_output=True).returncode == 0
            self.seek = self.seek or seek
            if not seek:
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def need(*programs):
    """Complains where a peer's program is not installed."""
    for program in programs:
        if not shutil.which(program):
            raise Missing(f"{program} is not installed")
