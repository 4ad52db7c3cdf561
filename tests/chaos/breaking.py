"""What all faults share: the world, the notes, the seed, and what lasts."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import os

from lasting import Lasting

DISK_FAULTS = ("disk full", "disk frozen")
DATABASE_FAULTS = ("database away", "database frozen", "connections dropped")


def signalled(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


class Breaking:
    def __init__(self, world, notes, chooser):
        self.world, self.notes, self.chooser, self.lasting = world, notes, chooser, Lasting(notes)

    def instant(self, kind):
        self.notes.end(self.notes.begin(kind))

    def seconds(self, least, most):
        return round(self.chooser.uniform(least, most), 2)

    def server(self):
        return self.chooser.choice(self.world.servers)

    @staticmethod
    def asked(server, method, path, body=None):
        """An admin's act; None where the server does not answer."""
        try:
            return server.admin(method, path, body)
        except (OSError, http.client.HTTPException):
            return None
