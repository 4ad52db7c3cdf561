"""Batches through the running server: what is accepted is made, once, whatever happens meanwhile."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import email.utils
import hashlib
import io
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import zipfile

from harness import BUILD, DEMO_SURVEYS, EXAMPLE, Skip, astropy_fits, main, run, says
from postgres import postgres
from serving import serving, wait_until
from vices import broken_survey, with_plugins

def a_list(count, size=None, step=0.0004):
    """`count` positions along the demo sky, all of them inside it."""
    out = io.StringIO()
    out.write("id,ra,dec" + (",size" if size else "") + ",note\n")
    for i in range(count):
        ra, dec = EXAMPLE[0] + step * (i % 50 - 25) / 2, EXAMPLE[1] + step * (i // 50 % 50 - 25) / 2
        out.write(f"o{i:05},{ra:.7f},{dec:.7f}" + (f",{size}" if size else "") + f",n{i}\n")
    return out.getvalue().encode()


def submit(server, body, status=201, kind="text/csv", **parameters):
    answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px", **parameters}, body,
                            {"Content-Type": kind})
    assert answer.status == status, answer.text
    return answer.json


def path(job):
    return f"/api/v1/jobs/{job['id']}"


def state(server, job):
    return server.get(path(job)).json


def ended(server, job, phase="COMPLETED"):
    end = wait_until(lambda: (now := state(server, job))["phase"] in ("COMPLETED", "ERROR", "ABORTED") and now,
                     f"the end of {job['id']}", 120)
    assert end["phase"] == phase, end
    return end


def manifest(server, job):
    answer = server.get(path(job) + "/manifest.csv")
    assert answer.status == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def every_file_is_tied_to_its_position(tmp):
    """Manifest, archive and single products agree; each product is where its row says."""
    fits = astropy_fits()
    from astropy.wcs import WCS
    with serving(tmp) as server:
        job = submit(server, a_list(60))
        assert job["positions"] == job["products"] == job["covered"] == 60 and job["outside"] == 0
        ended(server, job)
        rows = manifest(server, job)
        assert [int(r["row"]) for r in rows] == list(range(1, 61))
        assert [r["id"] for r in rows] == [f"o{i:05}" for i in range(60)]
        assert [r["note"] for r in rows] == [f"n{i}" for i in range(60)]
        archive = zipfile.ZipFile(io.BytesIO(server.get(path(job) + "/products.zip").body))
        assert archive.testzip() is None
        for number, row in enumerate(rows, 1):
            data = archive.read(row["file"])
            assert hashlib.sha256(data).hexdigest() == row["sha256"] and len(data) == int(row["bytes"])
            alone = server.get(f"{path(job)}/results/{number}")
            assert alone.status == 200 and alone.body == data, alone.status
            assert f'filename="{row["file"]}"' in alone.headers["Content-Disposition"]
            if number % 20 == 1:
                with fits.open(io.BytesIO(data)) as product:
                    hdu = next(h for h in product if h.data is not None)
                    x, y = WCS(hdu.header).all_world2pix([[float(row["ra"]), float(row["dec"])]], 1)[0]
                    assert abs(x - float(row["target_x"])) < 1e-6 and abs(y - float(row["target_y"])) < 1e-6
                    assert hdu.shape == (int(row["height"]), int(row["width"]))


def outside_is_said_before_anything_runs(tmp):
    with serving(tmp) as server:
        body = a_list(5) + b"far,200,-60,x\nnear,%f,%f,y\n" % EXAMPLE
        job = submit(server, body, run="false")
        assert (job["phase"], job["covered"], job["outside"], job["outside_rows"]) == ("PENDING", 6, 1, [6])
        assert server.request("POST", path(job) + "/run").status in (200, 303)
        end = ended(server, job)
        assert (end["ok"], end["no_coverage"], end["failed"]) == (6, 1, 0), end
        far = manifest(server, job)[5]
        assert far["status"] == "no_coverage" and "no image" in far["error"] and far["file"] == ""


def bad_lists_are_refused_whole(tmp):
    with serving(tmp) as server:
        body = b"id,ra,dec\n" + b"".join(b"b%d,400,95\n" % i for i in range(12)) + b"good,0.055,10.005\n"
        text = submit(server, body, 400)["detail"]
        assert ":2:" in text and ":11:" in text and ":12:" not in text and "400" in text, text
        left = [p.name for p in (tmp / "data" / "jobs").iterdir() if p.name != ".database"]
        assert not left, f"something of a refused list is left: {left}"


def a_row_overrides_its_job(tmp):
    with serving(tmp) as server:
        body = b"id,ra,dec,size,bands,format\na,%f,%f,16px,g,\nb,%f,%f,,,png\n" % (EXAMPLE * 2)
        job = submit(server, body, bands="g,r")
        ended(server, job)
        a, b = manifest(server, job)
        assert (a["width"], a["bands"], a["format"]) == ("16", "g", "fits"), a
        assert (b["width"], b["format"]) == ("32", "png") and b["file"].endswith(".png"), b


def surveys_formats_and_bands_multiply(tmp):
    with serving(tmp) as server:
        query = [("survey", "demo"), ("size", "16px"), ("bands", "g"), ("bands", "r,i"), ("format", "fits"),
                 ("format", "png")]
        answer = server.request("POST", "/api/v1/jobs", query, a_list(2), {"Content-Type": "text/csv"})
        job = answer.json
        assert (job["positions"], job["products"]) == (2, 8), job
        ended(server, job)
        rows = manifest(server, job)
        assert len({r["file"] for r in rows}) == 8
        assert sorted({(r["bands"], r["format"]) for r in rows}) == [
            ("g", "fits"), ("g", "png"), ("r,i", "fits"), ("r,i", "png")], rows


def ids_repeat_and_stay_as_they_are(tmp):
    with serving(tmp) as server:
        body = 'id,ra,dec,size\n0012,{0},{1},16px\n0012,{0},{1},32px\n"a b/ü,""",{0},{1},\n'.format(*EXAMPLE).encode()
        job = submit(server, body)
        ended(server, job)
        rows = manifest(server, job)
        assert [r["id"] for r in rows] == ["0012", "0012", 'a b/ü,"'], rows
        assert [r["width"] for r in rows] == ["16", "32", "32"] and len({r["file"] for r in rows}) == 3


def a_poisonous_position_fails_alone(tmp):
    """A row whose plugin crashes costs itself; the others of its task are made once."""
    surveys = broken_survey(tmp, "tiles")
    (surveys / "broken.toml").unlink()
    plugins = with_plugins(tmp, "segfault-run")
    with serving(tmp, "--plugins", plugins, surveys=surveys) as server:
        body = b"id,ra,dec,algorithm\n" + b"".join(
            b"o%d,%f,%f,%s\n" % (i, *EXAMPLE, b"vice-segfault-run" if i == 7 else b"") for i in range(20))
        job = submit(server, body, bands="g")
        end = ended(server, job)
        assert (end["ok"], end["failed"]) == (19, 1), end
        bad = [r for r in manifest(server, job) if r["status"] == "failed"]
        assert [r["id"] for r in bad] == ["o7"] and "vice-segfault-run" in bad[0]["error"], bad
        assert server.metric("recorte_worker_deaths_total") <= 3
        again = server.request("POST", path(job) + "/retry")
        assert again.status in (200, 303), again.text
        end = ended(server, job)
        assert (end["ok"], end["failed"]) == (19, 1), end


def what_is_aborted_goes_on_where_it_was(tmp):
    with serving(tmp, config="[jobs]\nproducts_per_task = 50\ntasks_at_once = 1\n") as server:
        job = submit(server, a_list(1500), size="300px")
        wait_until(lambda: state(server, job)["done"] >= 50, "a first task")
        server.request("POST", path(job) + "/cancel")
        half = ended(server, job, "ABORTED")
        made = {r["row"]: r["sha256"] for r in manifest(server, job) if r["status"] == "ok"}
        assert 50 <= len(made) < 1500, len(made)
        answer = server.request("POST", f"/async/{job['id']}/phase", body="PHASE=RUN",
                                headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 303, answer.text
        end = ended(server, job)
        assert end["ok"] == 1500, end
        rows = manifest(server, job)
        assert len(rows) == 1500 and all(r["status"] == "ok" for r in rows)
        kept = {r["row"]: r["sha256"] for r in rows if r["row"] in made}
        assert kept == made, "what was made was made again"


def an_overrun_keeps_what_is_made(tmp):
    with serving(tmp, config="[jobs]\nproducts_per_task = 20\ntasks_at_once = 1\n[workers]\ncount = 1\n") as server:
        job = submit(server, a_list(4000), size="400px", format="png", execution_duration="3")
        end = ended(server, job, "ABORTED")
        assert "EXECUTIONDURATION" in end["error"]["detail"], end
        made = [r for r in manifest(server, job) if r["status"] == "ok"]
        assert 0 < len(made) < 4000
        number = made[-1]["row"]
        assert server.get(f"{path(job)}/results/{number}").status == 200


def a_server_that_comes_back_goes_on(tmp):
    body = a_list(2000)
    config = "[jobs]\nproducts_per_task = 100\n"
    with serving(tmp, config=config, status=-signal.SIGKILL) as server:
        job = submit(server, body, size="200px")
        wait_until(lambda: state(server, job)["done"] > 0, "the first products")
        server.process.kill()
    with serving(tmp, config=config) as server:
        ended(server, job)
        rows = manifest(server, job)
        assert len(rows) == 2000 and all(r["status"] == "ok" for r in rows)
        left = [p.name for p in (tmp / "data" / "jobs" / job["id"]).iterdir() if p.suffix == ".part"]
        assert not left, left


def a_worker_that_has_lost_its_server_gives_nothing_up(tmp):
    """What it cannot make any more, as the plugins of that server are gone, is made by the next one."""
    with serving(tmp, config="[workers]\ncount = 1\nbatch = 1\n", status=-signal.SIGKILL) as server:
        workers = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, check=True).stdout.split()
        worker, = (int(pid) for pid in workers if os.sched_getscheduler(int(pid)) == os.SCHED_IDLE)
        os.kill(worker, signal.SIGSTOP)
        job = submit(server, a_list(20))
        wait_until(lambda: list((tmp / "data" / "jobs" / job["id"]).glob("*.part")), "the worker has a task")
        server.process.kill()
        server.process.wait()
        shutil.rmtree(tmp / "data" / "plugins-in-use")
        os.kill(worker, signal.SIGCONT)
        wait_until(lambda: not os.path.exists(f"/proc/{worker}"), "the worker's end")
    with serving(tmp) as server:
        end = ended(server, job)
        assert end["ok"] == 20 and end["failed"] == 0, end


def a_lost_pack_is_made_again(tmp):
    """What its file took with it is told as waiting, and made when the job is run again; all else stays."""
    with serving(tmp, config="[jobs]\nproducts_per_task = 20\n") as server:
        job = submit(server, a_list(100))
        ended(server, job)
        before = {r["row"]: r["sha256"] for r in manifest(server, job)}
        packs = sorted((tmp / "data" / "jobs" / job["id"]).glob("*.pack"))
        assert len(packs) >= 3, packs
        packs[1].unlink()
    with serving(tmp) as server:
        rows = manifest(server, job)
        lost = [r for r in rows if r["status"] == "waiting"]
        assert 0 < len(lost) <= 20 and len(rows) == 100, len(lost)
        assert server.get(f"{path(job)}/results/{lost[0]['row']}").status == 404
        there = next(r["row"] for r in rows if r["status"] == "ok")
        assert server.get(f"{path(job)}/results/{there}").status == 200
        assert server.request("POST", path(job) + "/retry").status in (200, 303)
        end = ended(server, job)
        assert end["ok"] == 100, end
        after = {r["row"]: r["sha256"] for r in manifest(server, job)}
        made_again = {r["row"] for r in lost}
        assert all(after[row] == before[row] for row in before if row not in made_again)
        assert all(r["status"] == "ok" for r in manifest(server, job))


def results_go_and_the_record_stays(tmp):
    with serving(tmp) as server:
        job = submit(server, a_list(3))
        ended(server, job)
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1))
        answer = server.request("POST", f"/async/{job['id']}/destruction", body=f"DESTRUCTION={soon}",
                                headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 303, answer.text
        wait_until(lambda: state(server, job)["phase"] == "ARCHIVED", "its end", 10)
        assert server.get(path(job) + "/products.zip").status == 404
        # The phase comes first: a file left over is removed later, a result without its file would be a lie.
        here = tmp / "data" / "jobs" / job["id"]
        wait_until(lambda: [p.name for p in here.iterdir()] == ["list"], "only the list to be left")
        again = server.request("POST", path(job) + "/rerun")
        assert again.status == 201, again.text
        ended(server, again.json)


def what_its_owner_takes_away_is_gone_from_the_disk(tmp):
    with serving(tmp) as server:
        job = submit(server, a_list(3))
        ended(server, job)
        directory = tmp / "data" / "jobs" / job["id"]
        assert (directory / "list").exists()
        assert server.request("DELETE", path(job)).status in (200, 204, 303)
        assert not directory.exists(), list(directory.iterdir())


def without_a_lost_pack_the_rest_is_served(tmp):
    """What a lost pack held is told, in the manifest, in UWS's list and where it is asked for."""
    few = "[jobs]\nproducts_per_task = 2\n"
    with serving(tmp, config=few) as server:
        job = submit(server, a_list(6))
        ended(server, job)
        assert all(r["bytes"] for r in manifest(server, job))
    packs = sorted((tmp / "data" / "jobs" / job["id"]).glob("*.pack"))
    assert len(packs) >= 3, packs
    packs[1].unlink()
    with serving(tmp, config=few) as server:
        rows = manifest(server, job)
        lost = [i for i, r in enumerate(rows, 1) if r["status"] == "waiting"]
        assert 1 <= len(lost) <= 2 and sum(1 for r in rows if r["bytes"]) == 6 - len(lost), rows
        archive = zipfile.ZipFile(io.BytesIO(server.get(path(job) + "/products.zip").body))
        assert archive.testzip() is None and len(archive.namelist()) == 6 - len(lost)
        document = server.get(f"/async/{job['id']}").text
        for number in range(1, 7):
            answer = server.get(f"{path(job)}/results/{number}")
            assert answer.status == (404 if number in lost else 200), (number, answer.status)
            if number in lost:
                assert "run the job again" in answer.json["detail"], answer.text
            assert f"/results/{number}\"" in document, document
        assert "packs are missing" in server.log.read_text()
    packs.pop(1)
    for pack in packs:
        pack.write_bytes(pack.read_bytes()[:200])
    with serving(tmp, config=few) as server:
        assert {r["status"] for r in manifest(server, job)} == {"waiting"}


def anonymous_jobs_are_in_no_list(tmp):
    with serving(tmp) as server:
        job = submit(server, a_list(1))
        assert server.get("/api/v1/jobs").json["jobs"] == [] and job["id"] not in server.get("/async").text
        assert server.request("DELETE", path(job)).status in (200, 204, 303)
        assert server.get(path(job)).status == 404
    with serving(tmp / "b" if (tmp / "b").mkdir() is None else tmp, config="[anonymous]\nbatch = false\n") as server:
        assert "sign" in submit(server, a_list(1), 401)["detail"]


def a_full_disk_is_told_and_recovered_from(tmp):
    """Results on a small tmpfs: the job says why it stopped, and goes on once there is room."""
    small = tmp / "small"
    small.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "recorte-test", small], capture_output=True).returncode == 0
    if not mounted:
        raise Skip("this user may not mount a tmpfs")
    try:
        with serving(tmp, config=f'[results]\ndirectory = "{small}"\n[jobs]\nproducts_per_task = 50\n') as server:
            job = submit(server, a_list(400), size="200px")
            end = ended(server, job, "ERROR")
            assert "No space left" in end["error"]["detail"] and "run the job again" in end["error"]["detail"], end
            assert str(small) not in json.dumps(end), "the server's places are not for clients"
            subprocess.run(["mount", "-o", "remount,size=400m", small], check=True)
            assert server.request("POST", path(job) + "/run").status in (200, 303)
            end = ended(server, job)
            assert end["ok"] == 400, end
            rows = manifest(server, job)
            assert all(r["status"] == "ok" for r in rows)
            one = submit(server, a_list(2))
            ended(server, one)
    finally:
        subprocess.run(["umount", "-l", small], check=False)


def a_clock_that_is_set_back_holds_nothing_up(tmp):
    """An hour, while the server runs: as after a pause of a virtual machine."""
    library, moved = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", tmp / "moved"
    if not os.path.exists(library) or os.environ.get("RECORTE_SANITIZE"):
        raise Skip("the clock can be set for one process by faketime alone, which no sanitizer goes with")
    moved.write_text("+3600\n")
    env = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(moved), "FAKETIME_CACHE_DURATION": "1", "NO_FAKE_STAT": "1",
           "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with serving(tmp, env=env, config="[auth]\ntries_per_address = 1\n") as server:
        def wait_of_the_wrong():
            answers = [server.get("/api/v1/jobs", Authorization="Bearer rct_" + 43 * "x") for _ in range(3)]
            assert answers[-1].status == 429, answers[-1].status
            return int(answers[-1].headers["Retry-After"])

        def ahead():
            return email.utils.parsedate_to_datetime(server.get("/healthz").headers["Date"]).timestamp() - time.time()
        assert ahead() > 3000
        ended(server, submit(server, a_list(5)))
        assert wait_of_the_wrong() <= 60
        moved.write_text("+0\n")
        wait_until(lambda: ahead() < 60, "the clock is set")
        ended(server, submit(server, a_list(5)))
        assert wait_of_the_wrong() <= 60


def two_servers_share_one_postgresql(tmp):
    """Each sees the other's jobs, wakes for them, and takes over those of one that died."""
    with postgres() as database:
        results = tmp / "results"
        config = f'[database]\nurl = "{database.database()}"\n[results]\ndirectory = "{results}"\n[jobs]\nproducts_per_task = 50\n'
        (tmp / "a").mkdir(), (tmp / "b").mkdir()
        (tmp / "recorte.toml").write_text(config)
        subprocess.run([os.environ["RECORTE"], "db", "migrate", "--config", tmp / "recorte.toml"], check=True)
        with serving(tmp / "b", config=config) as b:
            with serving(tmp / "a", config=config, status=-signal.SIGKILL) as a:
                job = submit(a, a_list(3000), size="200px")
                assert state(b, job)["phase"] in ("QUEUED", "EXECUTING")
                wait_until(lambda: state(b, job)["done"] > 0, "the first products")
                a.process.kill()
            end = wait_until(lambda: (now := state(b, job))["phase"] == "COMPLETED" and now, "b has taken over", 120)
            assert end["ok"] == 3000, end
            rows = manifest(b, job)
            assert len(rows) == 3000 and all(r["status"] == "ok" for r in rows)


def products_are_delivered_besides_their_results(tmp):
    """`deliver` says where files go, and `directory` where the results are, so that servers may share them; a pattern in
    `directory` delivers too, with the results in the data directory."""
    under = []
    if os.geteuid() == 0:  # root delivers nothing
        nobody = pwd.getpwnam("nobody")
        os.chown(tmp, nobody.pw_uid, nobody.pw_gid)
        under = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    pattern, shared = tmp / "out" / "{job}", tmp / "shared"
    for name, keys, results in (("both", f'directory = "{shared}"\ndeliver = "{pattern}"', shared),
                                ("deliver", f'deliver = "{pattern}"', tmp / "data" / "jobs"),
                                ("old", f'directory = "{pattern}"', tmp / "data" / "jobs")):
        with serving(tmp, config=f"[results]\n{keys}\n", under=under) as server:
            job = submit(server, a_list(3))
            assert ended(server, job)["ok"] == 3
            delivered = tmp / "out" / job["id"]
            assert len([p for p in delivered.rglob("*.fits")]) == 3, (name, list(delivered.rglob("*")))
            assert (delivered / "manifest.csv").exists(), name
            assert list((results / job["id"]).iterdir()), name
    (tmp / "recorte.toml").write_text(f'[results]\ndirectory = "{pattern}"\ndeliver = "{pattern}"\n')
    says(run("serve", "--config", tmp / "recorte.toml", "--data", tmp / "other", "--surveys", DEMO_SURVEYS, "--listen",
             "127.0.0.1:0", status=2), "is a pattern, and so is deliver")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
