"""Quotas: what is accepted, held and refused, whatever comes at once and to however many servers."""
# SPDX-License-Identifier: BSD-3-Clause
import concurrent.futures
import contextlib
import itertools
import subprocess
import sys
import threading

from harness import EXAMPLE, RECORTE, main
from jobbing import ONE, OUTSIDE, create, path_of, phase, positions, post
from postgres import postgres
from serving import serving, wait_until

MOST, EACH, CLIENTS = 1000, 25, 100
LIST = {"survey": "demo", "size": "16px", "bands": "g"}
# Not the door's own bounds: a hundred clients come from one address.
DOOR = "[server.limits]\nrequests_per_second = 0\nslow_waiting = 1000\n"


def anonymous(**limits):
    return "[quota.anonymous]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items())


def submit(server, count):
    return server.request("POST", "/api/v1/jobs", LIST, positions(count), {"Content-Type": "text/csv"})


def state(server, job):
    return server.get(path_of(job["url"])).json


def all_at_once(work):
    """What `work(number)` returns for each of the clients, which start together."""
    start = threading.Barrier(CLIENTS)

    def client(number):
        start.wait()
        return work(number)

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(client, range(CLIENTS)))


@contextlib.contextmanager
def two_servers(tmp, config):
    """On one PostgreSQL and one directory of results."""
    with postgres() as database, contextlib.ExitStack() as stack:
        config += f'[database]\nurl = "{database.database()}"\n[results]\ndirectory = "{tmp / "results"}"\n'
        (tmp / "recorte.toml").write_text(config)
        subprocess.run([RECORTE, "db", "migrate", "--config", tmp / "recorte.toml"], check=True)
        for name in ("a", "b"):
            (tmp / name).mkdir()
        yield [stack.enter_context(serving(tmp / name, config=config)) for name in ("a", "b")]


def accepted_of(servers, jobs):
    """Products of the jobs that are charged; the others are held."""
    states = [state(servers[0], job) for job in jobs]
    held = [s for s in states if s["phase"] == "HELD"]
    assert all(s["phase"] in ("QUEUED", "EXECUTING", "COMPLETED", "HELD") for s in states), states
    return sum(s["products"] for s in states if s not in held), len(held)


def submissions(servers):
    answers = all_at_once(lambda n: submit(servers[n % len(servers)], EACH))
    assert all(a.status == 201 for a in answers), [(a.status, a.text) for a in answers if a.status != 201]
    accepted, held = accepted_of(servers, [a.json for a in answers])
    print(f"{CLIENTS} clients ask for {CLIENTS * EACH} cutouts: {accepted} are accepted, {held} jobs held")
    assert accepted == MOST and held == CLIENTS - MOST // EACH


def a_hundred_submissions_do_not_overshoot(tmp):
    with serving(tmp, config=DOOR + anonymous(cutouts_per_day=MOST)) as server:
        submissions([server])


def nor_do_they_through_two_servers(tmp):
    with two_servers(tmp, DOOR + anonymous(cutouts_per_day=MOST)) as servers:
        submissions(servers)


def nor_do_real_time_and_jobs_together(tmp):
    """Clients of /sync go on until both servers refuse; every fifth submits jobs besides."""
    circle = {"ID": "demo", "CIRCLE": f"{EXAMPLE[0]} {EXAMPLE[1]} 0.001", "FILTER": "g"}
    with two_servers(tmp, DOOR + anonymous(cutouts_per_day=MOST)) as servers:

        def client(number):
            jobs, made = [], 0
            for turn in itertools.count():
                if number % 5 == 0 and turn < 3:
                    answer = submit(servers[(number // 5 + turn) % 2], EACH)
                    assert answer.status == 201, (answer.status, answer.text)
                    jobs.append(answer.json)
                answers = [server.sync(**circle) for server in servers]
                assert all(a.status in (200, 429) for a in answers), [(a.status, a.text) for a in answers]
                refused = [a for a in answers if a.status == 429]
                assert all(int(a.headers["Retry-After"]) > 0 and "cutouts_per_day" in a.text for a in refused)
                made += len(answers) - len(refused)
                if len(refused) == len(answers):
                    return jobs, made

        results = all_at_once(client)
        accepted, held = accepted_of(servers, [job for jobs, _ in results for job in jobs])
        made = sum(made for _, made in results)
        print(f"{made} cutouts in real time and {accepted} of jobs are accepted, {held} jobs held")
        assert made + accepted == MOST and made > 0 and accepted > 0


def past_a_quota_it_is_said(tmp):
    with serving(tmp, config=anonymous(cutouts_per_day=3, positions_per_job=50)) as server:
        assert server.cutout(survey="none").status == 404, "and costs nothing"
        for _ in range(2):
            assert server.cutout(size="16px").status == 200
        assert server.cutout(ra=OUTSIDE[0], dec=OUTSIDE[1]).status == 404, "that there is none costs one"
        refused = server.cutout(size="16px")
        assert refused.status == 429 and refused.json["code"] == "rate_limited", refused.text
        assert 0 < int(refused.headers["Retry-After"]) <= 86400
        for text in ("3 of 3 cutouts a day are used and 1 more asked for", "(quota cutouts_per_day, which renews at "):
            assert text in refused.json["detail"], refused.text
        soda = server.sync(*ONE)
        assert soda.status == 429 and soda.text.startswith("ServiceUnavailable") and "3 of 3" in soda.text, soda.text
        held = submit(server, 2)
        assert held.status == 201 and held.json["phase"] == "HELD", held.text
        never = submit(server, 4)
        assert never.status == 403 and "4 cutouts a day are more than the 3" in never.json["detail"], never.text
        assert submit(server, 51).status == 403
        job = create(server, ONE, run=False)
        assert phase(server, job) == "PENDING"
        assert post(server, job + "/phase", {"PHASE": "RUN"}).status == 303
        assert phase(server, job) == "HELD"
        assert post(server, job + "/phase", {"PHASE": "ABORT"}).status == 303
        assert phase(server, job) == "ABORTED"


def jobs_that_have_not_ended_and_bytes_are_bounded(tmp):
    with serving(tmp, config=anonymous(jobs=2, bytes=1)) as server:
        first, second = create(server, ONE, run=False), create(server, ONE, run=False)
        refused = submit(server, 1)
        assert refused.status == 403 and "2 jobs have not ended, and a user may have 2" in refused.json["detail"], refused.text
        assert post(server, first + "/phase", {"PHASE": "ABORT"}).status == 303
        assert post(server, second + "/phase", {"PHASE": "RUN"}).status == 303
        wait_until(lambda: phase(server, second) == "COMPLETED", "the job ends")
        full = submit(server, 1)
        assert full.status == 403 and "(quota bytes)" in full.json["detail"], full.text
        assert server.request("DELETE", second).status == 303
        assert submit(server, 1).status == 201


def so_many_jobs_run_at_once(tmp):
    with serving(tmp, config=anonymous(running_jobs=1) + "[jobs]\nproducts_per_task = 5\n") as server:
        jobs = [submit(server, 60).json for _ in range(3)]

        def phases():
            now = [state(server, job)["phase"] for job in jobs]
            assert now.count("EXECUTING") <= 1, now
            return now

        wait_until(lambda: phases().count("COMPLETED") == len(jobs), "they end, one after another")


def what_is_held_goes_once_there_is_room(tmp):
    """As at midnight, which a test cannot wait for: the next server has a larger quota."""
    with serving(tmp, config=anonymous(cutouts_per_day=50)) as server:
        first, second = submit(server, 40).json, submit(server, 40).json
        assert second["phase"] == "HELD"
        wait_until(lambda: state(server, first)["phase"] == "COMPLETED", "the first ends")
        assert state(server, second)["phase"] == "HELD"
    with serving(tmp, config=anonymous(cutouts_per_day=80)) as server:
        wait_until(lambda: state(server, second)["phase"] == "COMPLETED", "the second ends")
        assert submit(server, 1).json["phase"] == "HELD"


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
