"""The unit of systemd that is installed: valid, tight, and the service works with what it leaves."""
# SPDX-License-Identifier: BSD-3-Clause
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

from harness import BUILD, DEMO, RECORTE, Skip, main, run
from jobbing import positions
from serving import serving, wait_until

UNIT = BUILD / "server" / "systemd" / "recorte.service"
MOST_EXPOSED = 20  # tenths of what `systemd-analyze security` says; 100 is no hardening at all


def needs_systemd():
    if not shutil.which("systemd-analyze"):
        raise Skip("systemd is not installed")


def unit_is_valid(tmp):
    needs_systemd()
    prefix = tmp / "prefix"
    subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, capture_output=True)
    assert (prefix / "lib" / "sysusers.d" / "recorte.conf").read_text().splitlines()[-1].startswith("u recorte ")
    installed = (prefix / "lib" / "systemd" / "system" / "recorte.service").read_text()
    # What was configured for another prefix, as if for this one.
    line = next(line for line in installed.splitlines() if line.startswith("ExecStart="))
    configured = pathlib.Path(line.removeprefix("ExecStart=").split()[0]).parent
    unit = tmp / "recorte.service"
    unit.write_text(installed.replace(str(configured), str(prefix / "bin")))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr


def unit_is_tight(tmp):
    needs_systemd()
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", UNIT], capture_output=True, text=True)
    print(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout


def the_service_works_as_its_unit_has_it(tmp):
    needs_systemd()
    if os.geteuid() != 0 or not importlib.util.find_spec("seccomp"):
        raise Skip("needs root and python3-seccomp, to do what systemd does")
    if os.environ.get("RECORTE_SANITIZE"):
        raise Skip("sanitizers need other system calls")
    nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    if subprocess.run([*nobody, "test", "-x", RECORTE]).returncode != 0:
        raise Skip(f"{RECORTE} is in a directory that is closed to other users")
    tmp.chmod(0o755)
    (tmp / "data").mkdir()
    shutil.chown(tmp / "data", "nobody")
    under = ["/usr/bin/python3", pathlib.Path(__file__).with_name("as_unit.py"), UNIT, tmp / "data"]
    with serving(tmp, under=list(map(str, under)), surveys=DEMO / "surveys.d") as server:
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        assert "CapBnd:\t0000000000000000" in status and "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status, status
        for kind, head in (("fits", b"SIMPLE"), ("png", b"\x89PNG"), ("jpeg", b"\xff\xd8")):
            answer = server.cutout(format=kind, bands="g,r,i" if kind != "fits" else "g")
            assert answer.status == 200 and answer.body.startswith(head), (kind, answer.body[:300])
        # One that goes to disk, and a job, whose workers give way to others.
        assert len(server.cutout(size="2000px", bands="g,r,i").body) > 32 << 20
        answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px"}, positions(20), {"Content-Type": "text/csv"})
        job = f"/api/v1/jobs/{answer.json['id']}"
        wait_until(lambda: server.get(job).json["phase"] == "COMPLETED", "the job ends")
        assert server.get(job + "/products.zip").body.startswith(b"PK")
        assert "1 served" in run("reload", "--data", tmp / "data").stdout.decode()
        assert server.cutout().status == 200
        assert server.metric("recorte_worker_deaths_total") == 0
        wrong = [line for line in server.log_lines() if line["level"] not in ("info", "debug")]
        assert not wrong, wrong


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
