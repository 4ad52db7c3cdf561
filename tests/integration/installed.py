"""What `cmake --install` puts into a prefix works from there."""
# SPDX-License-Identifier: BSD-3-Clause
import subprocess
import sys

from harness import BUILD, DEMO_SURVEYS, EXAMPLE, at, main


def cut_from_a_prefix(tmp):
    subprocess.run(["cmake", "--install", BUILD, "--prefix", tmp / "prefix"], check=True, capture_output=True)
    command = [tmp / "prefix" / "bin" / "recorte", "cut", "--surveys", DEMO_SURVEYS, "--survey", "demo",
               *at(EXAMPLE, "32px"), "-o", tmp / "a.png"]
    subprocess.run(command, check=True, timeout=60)
    assert (tmp / "a.png").read_bytes().startswith(b"\x89PNG")
    # The module of HDF5 is found as the plugins are.
    (tmp / "list.csv").write_text(f"id,ra,dec\na,{EXAMPLE[0]},{EXAMPLE[1]}\n")
    command = [tmp / "prefix" / "bin" / "recorte", "cut", "--surveys", DEMO_SURVEYS, "--survey", "demo",
               "--positions", tmp / "list.csv", "--size", "32px", "-o", tmp / "a.h5"]
    subprocess.run(command, check=True, timeout=60)
    assert (tmp / "a.h5").read_bytes().startswith(b"\x89HDF")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
