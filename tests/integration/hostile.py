"""Clients that are slow, broken or hostile: the server lives, leaks nothing, and serves the others."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import random
import resource
import select
import socket
import statistics
import sys
import threading
import time

from harness import main
from serving import serving, wait_until

GOOD = b"GET /api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=200px&bands=g HTTP/1.1\r\nHost: a\r\n\r\n"
SEEDS = [
    GOOD,
    b"POST /sync?ID=demo HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\nCIRCLE=0.055+10.005+0.004",
    b"POST /sync HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
    b"5\r\nID=de\r\n2\r\nmo\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /sync HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 67\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="ID"\r\n\r\ndemo\r\n--b--\r\n\r\n\r\n',
    b"GET /api/v1/surveys HTTP/1.0\r\nConnection: keep-alive\r\nRange: bytes=0-5,7-8\r\nIf-None-Match: *\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nForwarded: for=\"[::1]\";proto=https\r\nExpect: 100-continue\r\n\r\n",
]
SPICE = [b"\r\n", b"\n", b"\0", b"%", b"%00", b"\xff\xfe", b": ", b"Content-Length: 5\r\n", b"Content-Length: 99999999999999999999\r\n",
         b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"fffffffffffffffff\r\n", b" HTTP/2.0", b"GET ", b"\t", b"-1", b"../"]


def mutated(random_, seed):
    out = bytearray(seed)
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(out) + 1)
        kind = random_.randrange(5)
        if kind == 0:
            out[at:at] = random_.choice(SPICE)
        elif kind == 1:
            del out[at:at + random_.randint(1, 30)]
        elif kind == 2 and at < len(out):
            out[at] = random_.randrange(256)
        elif kind == 3:
            out[at:at] = out[at:at + random_.randint(1, 60)]
        else:
            out[at:at] = bytes(random_.randrange(256) for _ in range(random_.randint(1, 8)))
    return bytes(out)


def raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def normal(server, count=20):
    """Seconds of an ordinary cutout on a connection of its own, each checked."""
    times = []
    for _ in range(count):
        start = time.monotonic()
        answer = server.cutout(size="200px", bands="g")
        times.append(time.monotonic() - start)
        assert answer.status == 200 and len(answer.body) > 160_000
    return times


def told(what, server, usual, times):
    print(f"{what}: a normal request in between takes {1e3 * statistics.median(times):.1f} ms, "
          f"usually {1e3 * statistics.median(usual):.1f} ms (median of {len(times)}), server {server.resident():.0f} MiB")


@contextlib.contextmanager
def unharmed(server, what):
    """Before, within and after: descriptors and memory come back to where they were."""
    usual = normal(server)
    wait_until(lambda: server.metric("recorte_connections") <= 1, "it is quiet before")
    descriptors, resident = server.descriptors(), server.resident()
    yield usual
    normal(server, 5)
    try:
        wait_until(lambda: len(server.descriptors()) <= len(descriptors) + 2, "descriptors are given back")
    except AssertionError as error:
        raise AssertionError(f"{error}: {descriptors} became {server.descriptors()}") from None
    assert server.process.poll() is None
    assert server.resident() < resident + 64, f"{what}: {resident:.0f} MiB before, {server.resident():.0f} MiB after"


def malformed_requests(tmp):
    random_ = random.Random(20261125)
    with serving(tmp) as server, unharmed(server, "malformed") as usual:
        times = []
        for number in range(5000):
            text = mutated(random_, random_.choice(SEEDS))
            cuts = sorted(random_.randrange(len(text) + 1) for _ in range(random_.randint(0, 3)))
            with contextlib.suppress(ConnectionError, TimeoutError):
                with server.connect(0.02) as client:
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for a, b in zip([0, *cuts], [*cuts, len(text)]):
                        client.sendall(text[a:b])
                    answer = client.recv(65536)
                    assert not answer or answer.startswith(b"HTTP/1."), (text, answer[:100])
            if number % 250 == 0:
                times += normal(server, 1)
        told("5,000 malformed requests", server, usual, times)


def slow_clients(tmp):
    """100 that send a byte a second, and 100 that read a large product a byte at a time."""
    with serving(tmp) as server, unharmed(server, "slow") as usual:
        over = threading.Event()
        large = GOOD.replace(b"size=200px", b"size=2000px&algorithm=cut")
        with contextlib.ExitStack() as stack:
            senders = [stack.enter_context(server.connect()) for _ in range(100)]
            readers = [stack.enter_context(server.connect()) for _ in range(100)]
            for reader in readers:
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

            def trickle():
                at = 0
                while not over.wait(1):
                    for sender, reader in zip(senders, readers):
                        with contextlib.suppress(OSError):
                            sender.send(GOOD[at:at + 1])
                        with contextlib.suppress(OSError):
                            reader.recv(1)
                    at += 1

            for reader in readers:
                reader.sendall(large)
            thread = threading.Thread(target=trickle)
            thread.start()
            try:
                wait_until(lambda: server.metric("recorte_tasks_finished_total") >= 100, "their cutouts are made")
                times = normal(server, 40)
            finally:
                over.set()
                thread.join()
            told("200 slow connections", server, usual, times)


def aborted_downloads(tmp):
    with serving(tmp) as server, unharmed(server, "aborted") as usual:
        large = GOOD.replace(b"size=200px", b"size=1000px&algorithm=cut")
        times = []
        for number in range(500):
            with server.connect() as client:
                client.sendall(large)
                if number % 3:
                    client.recv(1000)
                if number % 2:  # with a reset
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            if number % 25 == 0:
                times += normal(server, 1)
        told("500 aborted downloads", server, usual, times)


def a_body_of_two_gigabytes(tmp):
    block = b"x" * (1 << 20)
    with serving(tmp) as server, unharmed(server, "2 GB body") as usual:
        heads = [b"POST /sync HTTP/1.1\r\nHost: a\r\nContent-Length: 2147483648\r\n\r\n",
                 b"POST /sync HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\n",
                 b"POST /sync HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"]
        times = []
        for head in heads:
            with server.connect() as client:
                client.sendall(head)
                many = head.endswith(b"b\r\nTransfer-Encoding: chunked\r\n\r\n")
                with contextlib.suppress(ConnectionError, TimeoutError):
                    for number in range(2048):
                        if select.select([client], [], [], 0)[0]:
                            break  # it has been told
                        client.sendall(b"100000\r\n" + block + b"\r\n" if many else block)
                        if number % 8 == 0:
                            times += normal(server, 1)
                answer = client.recv(4096)
                assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]
                assert b"33554432" in answer, "the bound is named"
        told("bodies of 2 GB", server, usual, times)


def ten_thousand_idle_connections(tmp):
    limit = raise_descriptor_limit()
    count = min(10_000, limit // 2)
    with serving(tmp) as server, unharmed(server, "idle") as usual:
        with contextlib.ExitStack() as stack:
            for number in range(count):
                stack.enter_context(server.connect())
            wait_until(lambda: server.metric("recorte_connections") >= count, f"{count} connections are open")
            told(f"{count} idle connections", server, usual, normal(server, 40))


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
