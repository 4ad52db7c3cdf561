"""Private servers that take what a notifier sends, and say so, a line of JSON each, on standard output.

    sinks.py smtp [--answers 451,250] [--tls DIRECTORY] [--user NAME:PASSWORD]
    sinks.py http [--answers 503,200] [--endless] [--silent]

The first line is {"port": N}. `--answers`: what is answered in turn, the last one from then on. `--tls`: STARTTLS is
required, by a certificate that is made there (ca.pem).
"""
# SPDX-License-Identifier: BSD-3-Clause
import argparse
import asyncio
import http.server
import json
import pathlib
import ssl
import subprocess


def say(what):
    print(json.dumps(what), flush=True)


class Answers:
    """The next status in turn."""

    def __init__(self, text):
        self.left = [int(word) for word in text.split(",")]

    def next(self):
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


def make_certificate(directory):
    """A certificate for 127.0.0.1 that vouches for itself: ca.pem, and its key."""
    certificate, key = pathlib.Path(directory) / "ca.pem", pathlib.Path(directory) / "key.pem"
    if not certificate.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
    return certificate, key


def smtp(options):
    from aiosmtpd.smtp import SMTP, AuthResult

    answers = Answers(options.answers or "250")

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            answer = answers.next()
            say({"from": envelope.mail_from, "to": envelope.rcpt_tos, "data": envelope.content.decode(),
                 "tls": session.ssl is not None, "authenticated": session.authenticated, "answer": answer})
            return f"{answer} {'taken' if answer < 300 else 'not now'}"

    def authenticator(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == options.user)

    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*make_certificate(options.tls))

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(Handler(), tls_context=context, require_starttls=context is not None, loop=loop,
                         hostname="sink", authenticator=authenticator, auth_required=bool(options.user)),
            "127.0.0.1", 0)
        say({"port": server.sockets[0].getsockname()[1]})
        await server.serve_forever()

    asyncio.run(serve())


def webhook(options):
    answers = Answers(options.answers or "200")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = answers.next()
            say({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()},
                 "body": body.decode(), "answer": answer})
            if options.silent:
                self.rfile.read(1)  # until the other side goes
                return
            self.send_response(answer)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            try:
                while options.endless:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                say({"ended": True})

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    say({"port": server.server_port})
    server.serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("smtp", "http"))
    parser.add_argument("--answers")
    parser.add_argument("--tls")
    parser.add_argument("--user")
    parser.add_argument("--endless", action="store_true")
    parser.add_argument("--silent", action="store_true")
    options = parser.parse_args()
    (smtp if options.kind == "smtp" else webhook)(options)


if __name__ == "__main__":
    main()
