"""The load tests themselves, in short: nothing goes wrong under a little of each load, and growth is told from noise."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import random
import shutil
import subprocess
import sys

from harness import BUILD, SOURCE, Skip, main

LOAD = SOURCE / "tests" / "load"


def ran(*command):
    return subprocess.run(["/usr/bin/python3", *map(str, command)], capture_output=True, text=True)


def a_little_of_each_load(tmp):
    if not shutil.which("wrk"):
        raise Skip("wrk is not installed")
    only = [word for name in ("warm", "random", "png", "error", "poll") for word in ("--only", name)]
    done = ran(LOAD / "run", "--quick", "--build", BUILD, *only, "--json", tmp / "load.json", "--markdown", tmp / "load.md")
    print(done.stdout)
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG") and "beside a batch" not in line]
    assert not wrong and "afterwards: " in done.stdout, done.stdout + done.stderr
    rows = json.loads((tmp / "load.json").read_text())["rows"]
    assert {row["company"] for row in rows} == {"", "a batch", "idle connections", "slow people"}, rows
    assert (tmp / "load.md").read_text().count("\n") == len(rows) + 4


def a_little_of_the_soak(tmp):
    """Its slopes say nothing in so short a time; its answers do."""
    done = ran(LOAD / "soak", "--minutes", "0.4", "--build", BUILD, "--out", tmp / "out", "--seed", "7")
    print(done.stdout)
    assert "0 answers were wrong" in done.stdout, done.stdout + done.stderr
    assert len((tmp / "out" / "soak.csv").read_text().splitlines()) >= 5


def growth_is_told_from_noise(tmp):
    sys.path.insert(0, str(LOAD))
    import shape
    chooser = random.Random(5)

    def samples(growing=None, by=0.0, steps=False):
        out = []
        for at in range(0, 3600, 5):
            one = {"time": at}
            for quantity in shape.QUANTITIES:
                one[quantity.name] = 100 + chooser.gauss(0, 2) + (300 if chooser.random() < 0.05 else 0)
            if growing:
                one[growing] += by * (at // 600 / 6 if steps else at / 3600)
            out.append(one)
        return out
    assert shape.flat(shape.judge(samples(), 600)), shape.table(shape.judge(samples(), 600))
    for quantity in shape.QUANTITIES:
        by = 3 * quantity.most([100])
        for steps in (False, True):
            rows = shape.judge(samples(quantity.name, by, steps), 600)
            assert [each.name for each, _, _, growth, most in rows if growth > most] == [quantity.name], shape.table(rows)
        # What goes down is well.
        assert shape.flat(shape.judge(samples(quantity.name, -by), 600))


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
