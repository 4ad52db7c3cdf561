"""Behind nginx, with the configuration of docs/how-to/run-behind-a-proxy.md."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys

from harness import SOURCE, Skip, main
from serving import PATIENCE, Server, serving, wait_until

NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def documented(language):
    """The code blocks of that language on the page."""
    page = (SOURCE / "docs" / "how-to" / "run-behind-a-proxy.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", page, re.S)


class Secure(Server):
    """Requests to nginx, by TLS."""

    def __init__(self, server, port, certificate):
        super().__init__(server.process, server.url, server.log)
        self.port, self.context = port, ssl.create_default_context(cafile=certificate)

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
    key, certificate, port = tmp / "key.pem", tmp / "certificate.pem", free_port()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    for old, new in [("127.0.0.1:8080", f"127.0.0.1:{server.port}"), ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
                     ("/etc/ssl/certs/cutouts.example.org.pem", str(certificate)),
                     ("/etc/ssl/private/cutouts.example.org.key", str(key)), ("cutouts.example.org", "localhost")]:
        assert old in text, old
        text = text.replace(old, new)
    places = "\n".join(f"{kind}_temp_path {tmp}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (tmp / "nginx.conf").write_text(f"daemon off; master_process off; pid {tmp}/nginx.pid; error_log {tmp}/nginx.log;\n"
                                    f"events {{}}\nhttp {{ access_log off;\n{places}\n{text}\n}}\n")
    process = subprocess.Popen([NGINX, "-p", tmp, "-c", tmp / "nginx.conf"])
    try:
        secure = Secure(server, port, certificate)

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


def under_a_path(tmp):
    text = documented("nginx")[0].replace("location / {", "location /cutouts/ {").replace("http://recorte;", "http://recorte/;")
    text = text.replace("server_name", "location = /healthz { proxy_pass http://recorte/healthz; }\n  server_name")
    with serving(tmp, config='[server]\nbase_url = "https://example.org/cutouts"\n') as server, nginx(tmp, server, text) as front:
        assert 'value="https://example.org/cutouts/sync"' in front.get("/cutouts/sync", {"MAXREC": 0}).text
        page = front.get("/cutouts/").text
        assert "https://example.org/cutouts/api/v1/cutout" in page
        assert front.get("/cutouts/api/v1/surveys").status == 200


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
