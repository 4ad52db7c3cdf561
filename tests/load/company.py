"""Who else is there while it is measured: a batch, idle connections, slow readers and writers, clients with lists of their own."""
# SPDX-License-Identifier: BSD-3-Clause
import asyncio
import contextlib
import io
import resource
import statistics
import threading
import time
import zipfile

from ground import CENTRE, a_list
from serving import wait_until


@contextlib.contextmanager
def nobody(server, chooser, many):
    yield


@contextlib.contextmanager
def a_batch(server, chooser, many):
    """One that goes on for longer than anybody looks; it is taken away at the end."""
    answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "200px", "bands": "g"}, a_list(chooser, 100_000 if many else 20_000),
                            {"Content-Type": "text/csv"})
    assert answer.status == 201, answer.text
    job = f"/api/v1/jobs/{answer.json['id']}"
    wait_until(lambda: server.get(job).json["done"] >= 200, "the batch is at work")
    yield
    phase = server.get(job).json["phase"]
    assert phase == "EXECUTING", f"the batch ended before it was measured: {phase}"
    assert server.request("DELETE", job).status == 204


@contextlib.contextmanager
def idle_connections(server, chooser, many):
    """10,000, or as many as this process may have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with contextlib.ExitStack() as stack:
        count = min(10_000 if many else 1_000, hard - 1_000)
        for _ in range(count):
            stack.enter_context(server.connect())
        wait_until(lambda: server.metric("recorte_connections") >= count, f"{count} connections are open")
        yield


class Slow(threading.Thread):
    """100 who send a request ten bytes a second, and 100 who read a large product at 8 KiB a second, again and again."""

    REQUEST = b"GET /api/v1/cutout?survey=demo&ra=%f&dec=%f&size=%dpx&bands=g&algorithm=cut HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    def __init__(self, server, count):
        super().__init__()
        self.server, self.count = server, count
        self.loop, self.going = asyncio.new_event_loop(), True

    def run(self):
        self.loop.run_until_complete(self.all())
        self.loop.close()

    async def all(self):
        people = [self.again(one) for one in (self.write, self.read) for _ in range(self.count)]
        await asyncio.gather(*people)

    async def again(self, one):
        while self.going:
            # Who is too slow is cut off: that is the server's right.
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection(self.server.host, self.server.port, limit=8192)
                try:
                    await one(reader, writer)
                finally:
                    writer.close()

    async def write(self, reader, writer):
        text = self.REQUEST % (*CENTRE, 64)
        for at in range(0, len(text), 10):
            if not self.going:
                return
            writer.write(text[at:at + 10])
            await asyncio.sleep(1)
        await reader.read()

    async def read(self, reader, writer):
        writer.write(self.REQUEST % (*CENTRE, 2000))
        while self.going and await reader.read(4096):
            await asyncio.sleep(0.5)


@contextlib.contextmanager
def slow_people(server, chooser, many):
    slow = Slow(server, 100 if many else 20)
    made = server.metric("recorte_tasks_finished_total") + slow.count
    slow.start()
    try:
        wait_until(lambda: server.metric("recorte_tasks_finished_total") >= made, "they read")
        yield
    finally:
        slow.going = False
        slow.join()


def clients_with_lists(server, chooser, many):
    """Four at once, each with lists of its own: sent, waited for, fetched as an archive and looked through. Figures of all together."""
    size, rounds = (1000, 3) if many else (100, 1)
    lists = [[a_list(chooser, size) for _ in range(rounds)] for _ in range(4)]
    accepted, fetched, wrong = [], [], []

    def work(own):
        try:
            for body in own:
                began = time.monotonic()
                answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "64px", "bands": "g"}, body, {"Content-Type": "text/csv"})
                assert answer.status == 201, answer.text
                accepted.append(time.monotonic() - began)
                job = f"/api/v1/jobs/{answer.json['id']}"
                state = wait_until(lambda: (now := server.get(job).json)["phase"] in ("COMPLETED", "ERROR", "ABORTED") and now, "its end", 600)
                assert state["phase"] == "COMPLETED" and state["done"] == size, state
                with zipfile.ZipFile(io.BytesIO(server.get(job + "/products.zip").body)) as archive:
                    assert archive.testzip() is None
                    assert len([n for n in archive.namelist() if not n.startswith("manifest")]) == state["ok"] + state["partial"]
                fetched.append(time.monotonic() - began)
                assert server.request("DELETE", job).status == 204
        except Exception as error:
            wrong.append(repr(error))
    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(own,)) for own in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - began
    if wrong:
        raise AssertionError(wrong[0])
    return {"requests": 4 * rounds * size, "seconds": spent, "accepted_ms": 1e3 * statistics.median(accepted),
            "list_seconds": statistics.median(fetched)}
