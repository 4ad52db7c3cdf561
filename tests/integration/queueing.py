"""The owner's hand on the queue: where a job stands, holding it, moving it; and two servers that share one."""
# SPDX-License-Identifier: BSD-3-Clause
import datetime
import os
import subprocess
import sys
import threading

from batches import a_list, ended, manifest, path, state, submit
from harness import main
from jobbing import job_xml, phase, post, text
from postgres import postgres
from serving import serving, wait_until

ONE_AT_A_TIME = "[workers]\nbatch = 1\n[jobs]\nproducts_per_task = 20\ntasks_at_once = 1\n"


def do(server, job, what, status=200, **parameters):
    answer = post(server, f"{path(job)}/{what}", parameters)
    assert answer.status == status, answer.text
    return answer.json


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def a_job_that_is_held_keeps_what_is_made_and_goes_on(tmp):
    with serving(tmp, config=ONE_AT_A_TIME) as server:
        job = submit(server, a_list(1500), size="300px")
        wait_until(lambda: state(server, job)["done"] > 0, "a first task")
        held = do(server, job, "pause")
        assert held["phase"] == "HELD" and held["hold"]["by"] == "user" and held["queue"] is None, held
        wait_until(lambda: server.metric("recorte_tasks_working") == 0 and server.metric("recorte_tasks_waiting") == 0, "nothing runs")
        resting = state(server, job)
        assert resting["phase"] == "HELD" and 0 < resting["done"] < 1500, resting
        made = {r["row"]: r["sha256"] for r in manifest(server, job) if r["status"] == "ok"}
        assert phase(server, f"/async/{job['id']}") == "HELD"
        again = do(server, job, "resume")
        assert again["phase"] == "QUEUED" and again["hold"] is None, again
        assert ended(server, job)["ok"] == 1500
        after = {r["row"]: r["sha256"] for r in manifest(server, job)}
        assert len(after) == 1500 and all(after[row] == digest for row, digest in made.items()), "what was made was made again"
        do(server, job, "pause", status=400)


def one_that_waits_may_be_held_and_aborted(tmp):
    with serving(tmp, config=ONE_AT_A_TIME) as server:
        first = submit(server, a_list(3000), size="300px")
        second = submit(server, a_list(10))
        assert do(server, second, "pause")["phase"] == "HELD"
        assert do(server, second, "cancel")["phase"] == "ABORTED"
        assert do(server, second, "resume")["phase"] == "QUEUED", "an aborted job may run after all"
        assert do(server, first, "cancel")["phase"] == "ABORTED"
        assert ended(server, second)["ok"] == 10


def the_queue_is_told_and_its_order_is_the_owners(tmp):
    """The last of three is moved before the others, and ends before the second begins."""
    with serving(tmp, config=ONE_AT_A_TIME) as server:
        jobs = [submit(server, a_list(count), size="300px") for count in (4000, 100, 200)]
        seen = [state(server, job) for job in jobs]
        assert seen[2]["phase"] in ("QUEUED", "EXECUTING") and seen[2]["queue"], seen[2]
        for each in seen:
            begin, end = instant(each["queue"]["start"]), instant(each["queue"]["end"])
            assert begin <= end and each["quote"] == each["queue"]["end"], each
        moved = do(server, jobs[2], "place", place=1)
        assert moved["place"] == 1, moved
        assert ended(server, jobs[2])["ok"] == 200
        assert state(server, jobs[1])["done"] == 0, "the second was not overtaken"
        do(server, jobs[0], "cancel")
        assert ended(server, jobs[1])["ok"] == 100
        assert state(server, jobs[1])["queue"] is None
        do(server, jobs[1], "place", status=400, place=1)


def a_job_is_waited_for_and_cancelled_through_the_other_server(tmp):
    with postgres() as database:
        config = f'[database]\nurl = "{database.database()}"\n[results]\ndirectory = "{tmp / "results"}"\n' + ONE_AT_A_TIME
        (tmp / "a").mkdir(), (tmp / "b").mkdir()
        (tmp / "recorte.toml").write_text(config)
        subprocess.run([os.environ["RECORTE"], "db", "migrate", "--config", tmp / "recorte.toml"], check=True)
        with serving(tmp / "a", config=config) as a, serving(tmp / "b", config=config) as b:
            job = submit(a, a_list(4000), size="300px")
            wait_until(lambda: state(b, job)["done"] > 0, "b sees its progress")
            phases = []
            waits = threading.Thread(target=lambda: phases.append(
                text(job_xml(a, f"/async/{job['id']}", WAIT=60, PHASE="EXECUTING"), "phase")))
            waits.start()
            assert do(b, job, "cancel")["phase"] == "ABORTED"
            waits.join(60)
            assert phases == ["ABORTED"], phases
            made = wait_until(lambda: (done := state(a, job)["done"]) == state(b, job)["done"] and done, "both say the same")
            assert 0 < made < 4000, made
            other = submit(b, a_list(20))
            assert ended(a, other)["ok"] == 20
            assert len(manifest(a, other)) == 20


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
