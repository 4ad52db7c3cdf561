"""A web server of files on loopback that answers ranges, counts what it is asked for, and can be told to lie."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import email.utils
import hashlib
import hmac
import http.server
import re
import socketserver
import ssl
import threading
import time
import urllib.parse


class Archive:
    """Files below a directory. `lie` is the name of a method of Handler that answers instead, or None."""

    def __init__(self, root):
        self.root, self.lie, self.times = root, None, None
        self.asked = []  # (path, first, last) of each range that was sent
        self.refused = 0
        self.keys = None  # of S3: access key, secret, region
        self.hanging = 0  # answers that are not given
        self.release = threading.Event()  # what lets them go

    @property
    def bytes(self):
        """That were sent."""
        return sum(last - first + 1 for _, first, last in self.asked)

    def forget(self):
        self.asked.clear()
        self.refused = 0

    def lying(self):
        """Whether to lie this time: `times` bounds how often."""
        if self.lie is None or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle(self):
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            super().handle()

    def do_GET(self):
        archive = self.server.archive
        if archive.keys and not signed_well(self, *archive.keys):
            archive.refused += 1
            return self.say(403)
        if archive.lying():
            return getattr(self, archive.lie)()
        self.answer()

    def file(self):
        bucket, dot, _ = self.headers["Host"].partition(".localhost")  # as S3 has it
        root = self.server.archive.root / (bucket if dot else "")
        path = root / urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).lstrip("/")
        if not path.is_file():
            return None, None, None
        data = path.read_bytes()
        when = path.stat().st_mtime_ns
        return data, f'"{when:x}-{len(data):x}"', email.utils.formatdate(when // 10**9, usegmt=True)

    def wanted(self, size):
        first, last = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups()
        return int(first), min(int(last), size - 1)

    def say(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, status=206, body=None, **headers):
        data, etag, when = self.file()
        if data is None:
            return self.say(404)
        if self.headers.get("If-None-Match") == etag:
            self.server.archive.asked.append((self.path, 0, -1))
            return self.say(304, ETag=etag)
        if self.headers.get("If-Match", etag) != etag:
            return self.say(412)
        first, last = self.wanted(len(data))
        self.server.archive.asked.append((self.path, first, last))
        self.say(status, data[first:last + 1] if body is None else body,
                 **{"ETag": etag, "Last_Modified": when, "Content_Range": f"bytes {first}-{last}/{len(data)}", **headers})

    # The lies.
    def other_range(self):
        data, *_ = self.file()
        first, last = self.wanted(len(data))
        self.answer(Content_Range=f"bytes {first + 1}-{last + 1}/{len(data)}")

    def no_range(self):
        self.answer(Content_Range=None)

    def whole_file(self):
        data, etag, _ = self.file()
        with contextlib.suppress(ConnectionError):
            self.say(200, data, ETag=etag)

    def other_etag(self):
        """As a file that is replaced between two requests, on a server that knows no If-Match."""
        self.answer(ETag=f'"{time.monotonic_ns()}"')

    def no_state(self):
        self.answer(ETag=None, Last_Modified=None)

    def packed(self):
        self.answer(Content_Encoding="gzip")

    def short_body(self):
        data, *_ = self.file()
        first, last = self.wanted(len(data))
        self.answer(body=data[first:last])

    def cut_body(self):
        """Promises what it does not send."""
        data, *_ = self.file()
        first, last = self.wanted(len(data))
        self.answer(body=data[first:first + 1000], Content_Length=last - first + 1)
        self.close_connection = True

    def other_size(self):
        data, *_ = self.file()
        first, last = self.wanted(len(data))
        self.answer(Content_Range=f"bytes {first}-{last}/{len(data) + 2880}")

    def failure(self):
        self.say(503)

    def not_yours(self):
        self.say(403)

    def drip(self):
        data, etag, _ = self.file()
        first, last = self.wanted(len(data))
        self.send_response(206)
        for name, value in (("ETag", etag), ("Content-Range", f"bytes {first}-{last}/{len(data)}"),
                            ("Content-Length", last - first + 1)):
            self.send_header(name, str(value))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for i in range(first, last + 1):
                self.wfile.write(data[i:i + 1])
                if self.server.archive.release.wait(0.02):
                    return

    def hang(self):
        self.server.archive.hanging += 1
        self.server.archive.release.wait(60)
        self.close_connection = True

    def elsewhere(self):
        self.say(302, Location=self.server.archive.location.format(path=self.path))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextlib.contextmanager
def serving_files(root, certificate=None):
    """The Archive, with `url` and `port`; over TLS with a certificate and its key."""
    archive = Archive(root)
    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.archive = archive
    archive.port = server.server_address[1]
    archive.url = f"http{'s' if certificate else ''}://127.0.0.1:{archive.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield archive
    finally:
        archive.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def signed_well(request, key, secret, region):
    """AWS's signature, version 4, by its own description."""
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?"
                         r"Signature=([0-9a-f]{64})", request.headers.get("Authorization", ""))
    if not found or found[1] != key or found[3] != region:
        return False
    names = found[4].split(";")
    if "host" not in names or request.headers.get("x-amz-content-sha256") != hashlib.sha256(b"").hexdigest():
        return False
    url = urllib.parse.urlsplit(request.path)
    path = urllib.parse.quote(urllib.parse.unquote(url.path), safe="/-_.~")
    lines = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    canonical = "\n".join([request.command, path, url.query, lines, found[4], request.headers["x-amz-content-sha256"]])
    scope = f"{found[2]}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    derived = ("AWS4" + secret).encode()
    for part in (found[2], region, "s3", "aws4_request"):
        derived = hmac.digest(derived, part.encode(), "sha256")
    return hmac.compare_digest(hmac.new(derived, text.encode(), "sha256").hexdigest(), found[5])
