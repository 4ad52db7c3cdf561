"""Behind nginx, with the configuration of docs/how-to/run-behind-a-proxy.md."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys

from directory import Certificates, free_port
from harness import RECORTE, SOURCE, Skip, main
from identity import basic, bearer, closed, command, refused, sky, user
from serving import PATIENCE, Server, serving, wait_until

NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")


def documented(language):
    """The code blocks of that language on the page."""
    page = (SOURCE / "docs" / "how-to" / "run-behind-a-proxy.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", page, re.S)


class Secure(Server):
    """Requests to nginx, by TLS."""

    def __init__(self, server, port, plain, ca):
        super().__init__(server.process, server.url, server.log)
        self.port, self.plain, self.ca, self.context = port, plain, ca, ssl.create_default_context(cafile=ca)

    def connect(self, timeout=PATIENCE):
        return self.context.wrap_socket(socket.create_connection((self.host, self.port), timeout), server_hostname="localhost")

    def request(self, method, path, parameters=None, body=None, headers=None):
        import urllib.parse

        from serving import Answer
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self.context)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())


@contextlib.contextmanager
def nginx(tmp, server, text):
    if not NGINX:
        raise Skip("nginx is not installed")
    ca, port, plain = Certificates(tmp / "ca"), free_port(), free_port()
    certificate, key = ca.sign("localhost")
    for old, new in [("127.0.0.1:8080", f"127.0.0.1:{server.port}"), ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
                     ("listen 80;", f"listen 127.0.0.1:{plain};"),
                     ("/etc/ssl/certs/cutouts.example.org.pem", str(certificate)),
                     ("/etc/ssl/private/cutouts.example.org.key", str(key)), ("cutouts.example.org", "localhost")]:
        assert old in text, old
        text = text.replace(old, new)
    places = "\n".join(f"{kind}_temp_path {tmp}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (tmp / "nginx.conf").write_text(f"daemon off; master_process off; pid {tmp}/nginx.pid; error_log {tmp}/nginx.log;\n"
                                    f"events {{}}\nhttp {{ access_log off;\n{places}\n{text}\n}}\n")
    process = subprocess.Popen([NGINX, "-p", tmp, "-c", tmp / "nginx.conf"])
    try:
        secure = Secure(server, port, plain, ca.ca)

        def answers():
            assert process.poll() is None, (tmp / "nginx.log").read_text()
            with contextlib.suppress(OSError):
                return secure.get("/healthz").status == 200

        wait_until(answers, "nginx answers")
        yield secure
    finally:
        process.terminate()
        process.wait(PATIENCE)


def tls_urls_addresses_and_buffering(tmp):
    with serving(tmp) as server, nginx(tmp, server, documented("nginx")[0]) as front:
        table = front.get("/sync", {"MAXREC": 0}).text
        assert f'value="https://localhost:{front.port}/sync"' in table, table
        assert front.cutout(format="png").body.startswith(b"\x89PNG")
        size = "2000px"
        whole = front.cutout(size=size)
        assert whole.status == 200 and len(whole.body) > 3 * 2000 * 2000 * 4
        assert front.get("/api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=64px", Range="bytes=0-79").status == 206
        with front.connect() as slow:  # a reader who takes nothing keeps neither a worker nor a connection of ours
            slow.sendall(f"GET /api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size={size} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
            wait_until(lambda: server.metric("recorte_requests_answering") <= 1, "nginx has taken all of it")
            assert front.cutout().status == 200
        large = front.request("POST", "/sync", body=b"x" * (32 * 1024 * 1024 + 1))
        assert large.status == 413 and "33554432" in large.text, large.text[:300]
        forged = front.get("/sync", {"MAXREC": 0}, X_Forwarded_For="192.0.2.7", Forwarded="for=192.0.2.8;host=evil.example")
        assert "evil" not in forged.text
    addresses = {a for a, in sqlite3.connect(tmp / "data" / "recorte.sqlite").execute("SELECT DISTINCT address FROM request")}
    assert addresses == {"127.0.0.1"}, addresses


def credentials_go_by_tls_alone(tmp):
    secret = "twelve letters, and more"
    config = '[auth]\npasswords = true\ntries_per_user = 0\ntries_per_address = 3\ntry_again = "10m"\n'
    with serving(tmp, surveys=sky(tmp), config=config) as server, nginx(tmp, server, documented("nginx")[0]) as front:
        ana = user(tmp, "ana", "--groups", "us")
        subprocess.run([RECORTE, "user", "password", "ana", "--data", tmp / "data"], input=secret + "\n", text=True, check=True,
                       capture_output=True)
        answer = closed(front, basic("ana", secret))
        assert answer.status == 200 and answer.body.startswith(b"SIMPLE")
        assert "private" in answer.headers["Cache-Control"] and answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        pixels = answer.body[-2880:]  # the header tells the second
        assert closed(front, bearer(ana)).body.endswith(pixels)
        assert "BasicAA" in front.get("/capabilities").text and "BasicAA" not in server.get("/capabilities").text
        anonymous = refused(closed(front), 401)
        assert any("Basic" in c for c in anonymous.headers.get_all("WWW-Authenticate")), anonymous.headers
        assert "Strict-Transport-Security" in anonymous.headers
        done = subprocess.run(["curl", "-sS", "--cacert", front.ca, "-u", f"ana:{secret}", "-o", tmp / "c.fits", "-w", "%{http_code}",
                               f"https://localhost:{front.port}/sync?ID=closed&CIRCLE=10+0+0.001"], capture_output=True, check=True)
        assert done.stdout == b"200" and (tmp / "c.fits").read_bytes().endswith(pixels)

        clear = Server(server.process, f"http://127.0.0.1:{front.plain}", server.log)
        assert clear.get("/sync", {"MAXREC": 0}).headers["Location"] == "https://127.0.0.1/sync?MAXREC=0"
        for headers in (basic("ana", secret), bearer(ana)):
            refused(closed(clear, headers), 403, "in clear")

        # Whatever a client says of where it comes from, it is one address that tries.
        for i in range(3):
            told = {"X-Forwarded-For": f"192.0.2.{i}", "Forwarded": f"for=192.0.2.{i}"}
            refused(closed(front, {**basic("ana", "wrong"), **told}), 401)
        refused(closed(front, {**basic("ana", secret), "X-Forwarded-For": "192.0.2.9"}), 429)
        assert closed(front, bearer(ana)).status == 200
    events = json.loads(command(tmp, "audit", "--json").stdout)
    assert {e["address"] for e in events if e["act"] in ("refusal", "cutout")} == {"127.0.0.1"}, events


def nobody_but_a_trusted_proxy_is_believed(tmp):
    config = '[server]\ntrusted_proxies = []\n[auth]\npasswords = true\ntries_per_address = 2\ntry_again = "10m"\n'
    with serving(tmp, surveys=sky(tmp), config=config) as server:
        for i, status in enumerate((401, 401, 429)):
            refused(closed(server, {**basic(f"nobody{i}", "x"), "X-Forwarded-For": f"192.0.2.{i}"}), status)
    events = json.loads(command(tmp, "audit", "--json").stdout)
    assert events and {e["address"] for e in events} == {"127.0.0.1"}, events


def under_a_path(tmp):
    text = documented("nginx")[0].replace("location / {", "location /cutouts/ {").replace("http://recorte;", "http://recorte/;")
    text = text.replace("listen 443 ssl", "location = /healthz { proxy_pass http://recorte/healthz; }\n  listen 443 ssl")
    with serving(tmp, config='[server]\nbase_url = "https://example.org/cutouts"\n') as server, nginx(tmp, server, text) as front:
        assert 'value="https://example.org/cutouts/sync"' in front.get("/cutouts/sync", {"MAXREC": 0}).text
        page = front.get("/cutouts/").text
        assert "https://example.org/cutouts/api/v1/cutout" in page
        assert front.get("/cutouts/api/v1/surveys").status == 200


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
