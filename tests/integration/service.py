"""The server as a whole: starting, ending, recording, surviving."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from harness import BUILD, DEMO_SURVEYS, cut, main, run, says
from make import image, index
from postgres import postgres
from serving import PATIENCE, serving, wait_until

# What differs between two makings of one product: the time, and the checksums over it.
MADE = re.compile(rb"(DATE    =|CHECKSUM=|DATASUM =).{70}|Creation Time.{24}", re.S)


def without_time(product):
    if product.startswith(b"\x89PNG"):
        return without_date_chunk(product)
    return MADE.sub(b"", product)


def without_date_chunk(png):
    """A PNG's chunks but for the one that holds the time."""
    out, at = [png[:8]], 8
    while at < len(png):
        size = 12 + int.from_bytes(png[at:at + 4], "big")
        if b"Creation Time" not in png[at:at + size]:
            out.append(png[at:at + size])
        at += size
    return b"".join(out)


def three_faces_give_the_same_bytes(tmp):
    with serving(tmp) as server:
        circle = ["--circle", "0.055 10.005 0.004", "--bands", "g,r", "--planes", "image,weight,mask"]
        stamp = ["--ra", "0.055", "--dec", "10.005", "--size", "1arcmin"]
        for form in ("fits", "png"):
            plain = circle if form == "fits" else circle[:2]
            options = dict(zip((o[2:] for o in plain[::2]), plain[1::2]))
            by_command = cut("-", *plain, "--format", form).stdout
            by_sync = server.sync(("ID", "demo"), ("CIRCLE", options["circle"]), ("FORMAT", form),
                                  *[(n, options[k]) for n, k in (("FILTER", "bands"), ("PLANES", "planes")) if k in options])
            by_api = server.get("/api/v1/cutout", {"survey": "demo", **options, "format": form})
            assert by_sync.status == by_api.status == 200, (by_sync.text, by_api.text)
            assert without_time(by_command) == without_time(by_sync.body) == without_time(by_api.body)
            assert len(by_command) > 10_000
            assert without_time(cut("-", *stamp, "--format", form).stdout) == without_time(server.cutout(size="1arcmin", format=form).body)


def the_demo_sky_is_served_where_there_is_no_survey(tmp):
    with serving(tmp, surveys=None, env={"RECORTE_SURVEYS": ""}) as server:
        assert [s["id"] for s in server.get("/api/v1/surveys").json["surveys"]] == ["demo"]
        assert server.cutout(format="png").status == 200
    done = run("serve", "--data", tmp / "data", "--listen", "0.0.0.0:0", status=2)
    says(done, "loopback", "--surveys")


def options_and_settings_are_checked(tmp):
    says(run("serve", "--listen", "nowhere", status=2), "nowhere")
    says(run("serve", "--config", tmp / "no.toml", status=3), "no.toml")
    (tmp / "bad.toml").write_text("[server]\nlisen = '127.0.0.1:1'\n")
    says(run("serve", "--config", tmp / "bad.toml", status=2), "bad.toml:2", "did you mean", "listen")
    with serving(tmp) as server:
        taken = run("serve", "--data", tmp / "other", "--surveys", DEMO_SURVEYS, "--listen", f"127.0.0.1:{server.port}", status=6)
        says(taken, str(server.port), "in use")
    assert b"--config" in run("serve", "--help").stdout


def a_data_directory_has_one_server(tmp):
    with serving(tmp) as server:
        name = (tmp / "data" / "server-name").read_text()
        assert len(name.strip()) == 16, name
        second = run("serve", "--data", tmp / "data", "--surveys", DEMO_SURVEYS, "--listen", "127.0.0.1:0", status=6)
        says(second, "another server runs on the data directory", str(tmp / "data"), "--data")
        assert server.cutout(format="png").status == 200
    with serving(tmp, status=-signal.SIGKILL) as server:
        server.process.kill()
    with serving(tmp):
        assert (tmp / "data" / "server-name").read_text() == name


def descriptors_are_as_many_as_there_may_be(tmp):
    """In the server and in what it starts, whatever the shell's soft limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        with serving(tmp, config="[server.limits]\nconnections = 10\n") as server:
            children = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, check=True).stdout
            for process in [server.process.pid, *map(int, children.split())]:
                assert resource.prlimit(process, resource.RLIMIT_NOFILE) == (hard, hard), process
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def a_database_that_is_away_holds_up_only_those_who_ask_it(tmp):
    with postgres() as database:
        nobodys = "/api/v1/jobs/" + 32 * "0"
        config = f'[database]\nurl = "{database.database()}"\n[server.limits]\nslow_handlers = 4\nslow_waiting = 4\n'
        (tmp / "recorte.toml").write_text(config)
        run("db", "migrate", "--config", tmp / "recorte.toml")
        with serving(tmp, config=config) as server:
            assert server.get(nobodys).status == 404
            database.crash()
            answers = []
            asking = [threading.Thread(target=lambda: answers.append(server.get(nobodys))) for _ in range(20)]
            for thread in asking:
                thread.start()
            # Eight have the slow threads and their queue, for five seconds and more; the rest are refused at once.
            wait_until(lambda: len(answers) == 12, "the others are refused")
            began = time.monotonic()
            assert server.get("/healthz").status == 200
            assert server.cutout(format="png").status == 200
            assert server.sync(("ID", "demo"), ("CIRCLE", "0.055 10.005 0.004"), ("FILTER", "g")).status == 200
            took = time.monotonic() - began
            assert len(answers) == 12 and took < 4, (len(answers), took)
            for answer in answers:
                assert answer.status == 503 and answer.headers["Retry-After"], answer.headers
                assert "server.limits.slow_waiting" in answer.text, answer.text
            for thread in asking:
                thread.join()
            assert all(a.status == 503 for a in answers) and len(answers) == 20
            database.start()
            wait_until(lambda: server.get(nobodys).status == 404, "the database is back")


def base_url_and_prefix(tmp):
    with serving(tmp, config='[server]\nbase_url = "https://cutouts.example.org/sky"\n') as server:
        table = server.get("/sky/sync", {"MAXREC": 0}).text
        assert 'value="https://cutouts.example.org/sky/sync"' in table
        assert server.get("/sky/healthz").status == server.get("/healthz").status == 200


def every_request_is_recorded(tmp):
    with serving(tmp) as server:
        server.cutout(bands="g")
        server.cutout(size="64")
        server.sync(("ID", "demo"), ("CIRCLE", "100 -45 0.1"))
        server.get("/nowhere")
        made = server.cutout(bands="r").headers["X-Request-Id"]
    rows = sqlite3.connect(tmp / "data" / "recorte.sqlite")
    rows.row_factory = sqlite3.Row
    got = [dict(r) for r in rows.execute("SELECT * FROM request ORDER BY time")]
    assert [(r["route"], r["status"]) for r in got] == [("/api/v1/cutout", 200), ("/api/v1/cutout", 400), ("/sync", 204), ("", 404), ("/api/v1/cutout", 200)], got
    first, bad, empty, unknown, last = got
    assert first["survey"] == "demo" and first["user_name"] == "anonymous" and first["bytes"] > 10_000
    assert first["canonical"] == "survey=demo&ra=0.055&dec=10.005&size=64px&bands=g&format=fits"
    assert first["total_us"] >= first["worked_us"] > 0
    assert "'64' has no unit" in bad["error"] and "no image" in empty["error"] and last["id"] == made


def metrics_health_and_logs(tmp):
    with serving(tmp) as server:
        assert server.get("/healthz").text == "ok\n"
        ready = server.get("/readyz")
        assert ready.status == 200 and ready.json["ready"] and ready.json["checks"]["workers"] == "ok"
        parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        answer = server.get("/api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=32px", traceparent=parent)
        echoed = answer.headers["traceparent"]
        assert echoed.startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-") and echoed.endswith("-01") and echoed != parent
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", server.get("/healthz").headers["traceparent"])
        server.cutout(bands="g")
        wait_until(lambda: server.metric("recorte_requests_total") >= 5, "the last request is counted")
        assert server.metric("recorte_tasks_finished_total") >= 2
        assert server.metric("recorte_image_cache_hits_total") >= 1
        for name in ("recorte_tasks_waiting", "recorte_worker_deaths_total", "recorte_connections", "recorte_disk_free_bytes",
                     "recorte_request_seconds_count", "recorte_records_lost_total"):
            server.metric(name)
        text = server.get("/metrics").text
        assert 'recorte_requests_total{method="GET",route="/api/v1/cutout",status="200"} 2' in text, text
    line = next(l for l in server.log_lines() if l.get("request_id") == answer.headers["X-Request-Id"])
    assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736" and line["survey"] == "demo" and line["status"] == 200
    assert line["user"] == "anonymous" and "cut" in line["plugin"] and line["milliseconds"] > 0


def a_survey_appears_changes_and_goes(tmp):
    image(tmp / "one" / "a_g.fits", ra=10, dec=0)
    surveys = index(tmp / "one", "one", tmp)
    image(tmp / "two" / "b_r.fits", ra=20, dec=0)
    with serving(tmp, surveys=surveys) as server:
        ids = lambda: [s["id"] for s in server.get("/api/v1/surveys").json["surveys"]]
        assert ids() == ["one"]
        index(tmp / "two", "two", tmp)
        wait_until(lambda: ids() == ["one", "two"], "the new survey is served")
        at = {"survey": "two", "ra": 20, "dec": 0, "size": "8px"}
        assert server.get("/api/v1/cutout", at).status == 200
        text = (surveys / "two.toml").read_text()
        (surveys / "two.toml").write_text(re.sub(r"(?m)^title = .*$", 'title = "Renamed"', text))
        wait_until(lambda: server.get("/api/v1/surveys/two").json.get("title") == "Renamed", "the new title")
        image(tmp / "two" / "c_r.fits", ra=30, dec=0)
        run("survey", "index", "--name", "two", "--surveys", surveys)
        wait_until(lambda: server.get("/api/v1/cutout", {**at, "ra": 30}).status == 200, "the new image")
        (surveys / "two.toml").write_text("[survey\n")
        wait_until(lambda: ids() == ["one"], "a broken survey is not offered")
        broken = server.get("/api/v1/cutout", at)
        assert broken.status == 400 and "two.toml" in broken.json["detail"], broken.text
        (surveys / "two.toml").unlink()
        wait_until(lambda: server.get("/api/v1/cutout", at).status == 404, "it is gone")


def vices_directory(tmp, *vices):
    plugins = tmp / "plugins"
    plugins.mkdir()
    for plugin in [*(BUILD / "plugins").glob("*.so"), *(BUILD / "vices" / f"vice-{v}.so" for v in vices)]:
        (plugins / plugin.name).symlink_to(plugin)
    return plugins


def a_crash_costs_its_own_request(tmp):
    plugins = vices_directory(tmp, "segfault-run", "loop-run")
    with serving(tmp, "--plugins", plugins, config='[workers]\ntimeout = "2s"\n') as server:
        for vice, status, told in (("segfault-run", 500, "SIGSEGV"), ("loop-run", 504, "2000 ms")):
            crashed = server.cutout(algorithm=f"vice-{vice}", bands="g")
            assert crashed.status == status and told in crashed.json["detail"] and f"vice-{vice}" in crashed.json["detail"], crashed.text
            assert server.cutout(bands="g").status == 200
        by_sync = server.sync(("ID", "demo"), ("CIRCLE", "0.055 10.005 0.004"), ("ALGORITHM", "vice-segfault-run"))
        assert by_sync.status == 500 and by_sync.text.startswith("Error: ") and "SIGSEGV" in by_sync.text
        assert server.metric("recorte_worker_deaths_total") == 3


def the_end_is_graceful(tmp):
    """What is in flight at SIGTERM is finished; what comes then is told to go elsewhere."""
    plugins = vices_directory(tmp, "loop-run")
    with serving(tmp, "--plugins", plugins, config='[workers]\ntimeout = "3s"\n[server]\ngrace = "1m"\n') as server:
        answers = []
        slow = threading.Thread(target=lambda: answers.append(server.cutout(algorithm="vice-loop-run", bands="g")))
        slow.start()
        with server.connect() as idle:
            wait_until(lambda: server.metric("recorte_tasks_working") >= 1, "the slow one is at work")
            server.process.send_signal(signal.SIGTERM)
            assert idle.recv(1) == b"", "an idle connection is closed"
        slow.join(PATIENCE)
        assert answers[0].status == 504, "the request in flight got its answer"
        assert answers[0].headers["Connection"] == "close"
        assert server.process.wait(PATIENCE) == 0


def grace_is_bounded(tmp):
    plugins = vices_directory(tmp, "loop-run")
    with serving(tmp, "--plugins", plugins, config='[workers]\ntimeout = "10m"\n[server]\ngrace = "1s"\n') as server:
        with server.connect() as client:
            client.sendall(b"GET /api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=32px&algorithm=vice-loop-run HTTP/1.1\r\nHost: a\r\n\r\n")
            wait_until(lambda: server.metric("recorte_tasks_working") >= 1, "it is at work")
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(PATIENCE) == 0


def the_end_leaves_no_worker_behind(tmp):
    with serving(tmp, status=-signal.SIGKILL) as server:
        assert server.cutout().status == 200
        children = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True).stdout.split()
        assert children
        server.process.kill()
        server.process.wait()
        wait_until(lambda: not any(os.path.exists(f"/proc/{c}") for c in children), "the workers end with their server")


def large_products_go_to_disk_and_stream(tmp):
    config = '[workers]\nproduct_in_memory = "1MiB"\n'
    with serving(tmp, config=config) as server:
        before = server.resident()
        answer = server.cutout(size="4000px", bands="g,r,i", planes="image,weight,mask")
        assert answer.status == 200 and len(answer.body) > 3 * 4000 * 4000 * 4
        assert not list((tmp / "data" / "spill").iterdir()), "the file has no name and leaves nothing"
        assert server.resident() < before + 32


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
