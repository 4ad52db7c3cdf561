"""The faults, and how often each comes. A fault returns what it did, or None where it cannot be had now."""
# SPDX-License-Identifier: BSD-3-Clause
from change_faults import ChangeFaults
from storage_faults import StorageFaults


def kind_of(fault):
    return fault.__name__.replace("_", " ")


class Faults(ChangeFaults, StorageFaults):
    def __init__(self, world, notes, chooser, only=None, each=False):
        """`only`: of these kinds; `each`: none of them twice."""
        super().__init__(world, notes, chooser)
        self.each = each
        self.table = {
            self.worker_killed: 14, self.worker_stopped: 9, self.server_killed: 8, self.server_ended: 4,
            self.file_damaged: 8, self.file_truncated: 6, self.file_gone: 4,
            self.plugin_upgraded: 6, self.bad_plugin: 4, self.hang_up: 4,
            self.token_rotated: 8, self.secret_changed: 2, self.clients_vanish: 6, self.drained: 3}
        if world.own_disk:
            self.table |= {self.disk_full: 6, self.disk_frozen: 8}
        if world.clock_moves:
            self.table |= {self.clock_moved: 6}
        if world.postgres:
            self.table |= {self.all_servers_killed: 2, self.database_killed: 4, self.database_crashed: 4,
                           self.database_frozen: 5, self.connections_dropped: 10}
        if only:
            self.table = {fault: weight for fault, weight in self.table.items() if kind_of(fault) in only}
            assert self.table, f"there are no faults called {', '.join(only)} here"

    def one(self):
        """Does one that can be had; its kind, and what it was."""
        while True:
            fault = self.chooser.choices(list(self.table), list(self.table.values()))[0]
            said = fault()
            if said:
                if self.each:
                    del self.table[fault]
                return kind_of(fault), said

    def settle(self):
        self.lasting.settle()
