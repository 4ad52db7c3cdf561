"""Requests of the load, and what their answers may be while things break."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import json
import time
import urllib.parse

from serving import Answer

PATIENCE = 90
AGAIN = 0.2  # seconds, after an answer that it cannot now, or none
# Which faults explain that a server says nothing more, or that it says that it cannot now.
WORKERS = ("worker killed", "worker stopped")
DAMAGE = ("file damaged", "file truncated", "file gone")


class Lost(Exception):
    """The connection ended before the answer did."""


def code_of(answer):
    """Its name in the table of errors, where it says one."""
    with contextlib.suppress(ValueError, KeyError):
        return json.loads(answer.body)["code"]
    return ""


class Asker:
    """One who asks, as a user, whichever server is next. Notes what must not be."""

    def __init__(self, world, notes, chooser):
        self.world, self.notes, self.chooser = world, notes, chooser

    def server(self):
        return self.chooser.choice(self.world.servers)

    def ask(self, what, user, method, path, parameters=None, body=None, headers=None, fine=(200,), survey="", credential=None,
            job=None):
        """The answer, or Lost. Statuses that are not `fine` have to be explained by what goes on."""
        server = self.server()
        credential = credential or (self.notes.credentials[user] if user else None)
        headers = {**(headers or {}), **({"Authorization": f"Bearer {credential.text}"} if credential else {})}
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        begin, began = time.time(), time.monotonic()
        connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response, response.read())
        except (OSError, http.client.HTTPException) as error:
            self.notes.count(what, "lost")
            raise Lost from error
        finally:
            connection.close()
        self.notes.count(what, answer.status)
        if answer.status == 503:
            time.sleep(AGAIN)
        if credential and answer.status < 400 and began > credential.ended:
            self.notes.wrong(f"{what}: {credential.user} was let in by a token that had been revoked")
        if job and job.may_be_gone:  # by another client meanwhile
            fine = (*fine, 404, 410)
        reason = self.unexplained(answer, fine, survey, credential, begin)
        if reason:
            self.notes.wrong(f"{what}: {method} {path} was answered {answer.status}: {reason}: {answer.body[:600]!r}")
        return answer

    def unexplained(self, answer, fine, survey, credential, begin):
        """Why this answer must not be; None where it may."""
        now, status, code = time.time(), answer.status, code_of(answer)
        during = lambda *faults: self.notes.any_during(faults, begin, now)
        if status in fine or status == 503:
            return None
        if status in (401, 429) and credential and time.monotonic() > credential.ending:
            return None
        if status == 401 and credential:
            return "the token is good"
        if status == 429:
            return None if credential is None or credential.user == "bob" else "there is room in the quota"
        if status == 504:
            return None if during("worker stopped", "disk frozen", "disk full") else "nothing was slow"
        if status == 500 and code != "internal":
            if during(*WORKERS) and ("SIGKILL" in str(answer.body) or "plugin" in code or not code):
                return None
            if survey == "frail" and during(*DAMAGE):
                return None
        if status == 404 and survey == "frail" and during(*DAMAGE):
            return None
        return "nothing explains it"
