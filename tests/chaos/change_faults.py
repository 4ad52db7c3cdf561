"""What is changed while the service runs: plugins, keys, the clock."""
# SPDX-License-Identifier: BSD-3-Clause
import time

from breaking import DATABASE_FAULTS, DISK_FAULTS
from harness import BUILD
from notes import Credential
from process_faults import ProcessFaults
from reload import called, library
from serving import wait_until
from world import USERS

DAY = 86400


class ChangeFaults(ProcessFaults):
    version = 0

    def put(self, name, code):
        fresh = self.world.plugins / "fresh"
        fresh.write_bytes(code)
        fresh.rename(self.world.plugins / name)

    def reloaded(self, server, status, what):
        begin = time.time()
        answer = self.asked(server, "POST", "reload")
        excused = self.notes.any_during((*DISK_FAULTS, *DATABASE_FAULTS, "worker stopped", "worker killed", "file gone",
                                         "file damaged", "file truncated"), begin, time.time())
        if answer is None or answer.status == status or (excused and answer.status >= 400):
            return
        self.notes.wrong(f"a reload of {what} was answered {answer.status}: {answer.text[:500]}")

    def plugin_upgraded(self):
        name = self.chooser.choice(["cut", "mosaic", "lupton", "tiles"])
        self.version += 1
        self.put(f"{name}.so", called(library(name), name, f"0.{self.version}.0"))
        for server in self.world.servers:
            self.reloaded(server, 200, f"{name} 0.{self.version}.0")
        return f"{name} 0.{self.version}.0"

    def bad_plugin(self):
        name = self.chooser.choice(["cut", "tiles"])
        good = (self.world.plugins / f"{name}.so").read_bytes()
        what = self.chooser.choice(["garbage", "half", "crash"])
        self.put(f"{name}.so", {
            "garbage": b"no library", "half": good[:len(good) // 2],
            "crash": (BUILD / "vices" / "vice-segfault-constructor.so").read_bytes()}[what])
        server = self.server()
        self.reloaded(server, 400, f"a bad {name} ({what})")
        self.put(f"{name}.so", good)
        return f"{name}, {what}, at {server.name}"

    def new_token(self, user):
        answer = self.asked(self.server(), "POST", "tokens", {"user": user, "scopes": ["read", "submit"]})
        if not answer or answer.status != 201:
            return None
        self.act("token", answer.json["id"])
        return Credential(user, answer.json["token"], answer.json["id"])

    def act(self, what, object):
        with self.notes.lock:
            self.notes.acts.append((time.time(), what, object))

    def use(self, credential):
        with self.notes.lock:
            old = self.notes.credentials.get(credential.user)
            self.notes.credentials[credential.user] = credential
            if old:
                self.notes.old_credentials.append(old)
        return old

    def token_rotated(self):
        user = self.chooser.choice(USERS)
        fresh = self.new_token(user)
        if not fresh:
            return None
        old = self.use(fresh)
        old.ending = time.monotonic()
        answer = self.asked(self.server(), "DELETE", f"tokens/{old.id}")
        if answer and answer.status < 300:
            old.ended = time.monotonic()
            self.act("token", old.id)
        return f"of {user}" + ("" if old.ended < float("inf") else "; the old one may still be good")

    def secret_changed(self):
        """All tokens end with it."""
        now = time.monotonic()
        with self.notes.lock:
            every = [*self.notes.credentials.values(), *self.notes.old_credentials]
        for credential in every:
            credential.ending = min(credential.ending, now)
        self.restart(self.world.servers, 0, self.stop, self.world.new_secret)
        for credential in every:
            credential.ended = min(credential.ended, time.monotonic())
        self.sign_in()
        return "and all tokens with it"

    def sign_in(self):
        """Tokens for all users, once it can be had."""
        for user in USERS:
            self.use(wait_until(lambda: self.new_token(user), f"a token for {user}"))

    def clock_moved(self):
        seconds = self.chooser.choice([-DAY, -3600, -30, 0, 30, 3600, DAY, 2 * DAY])
        self.world.move_clock(seconds)
        return f"to {seconds:+} s"
