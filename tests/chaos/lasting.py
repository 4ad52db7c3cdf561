"""Faults that last: each is undone when its time is over, while others come."""
# SPDX-License-Identifier: BSD-3-Clause
import concurrent.futures
import time
import traceback


class Lasting:
    def __init__(self, notes):
        # Their threads stay: PostgreSQL, started by one, ends with it.
        self.notes, self.threads, self.running = notes, concurrent.futures.ThreadPoolExecutor(16), {}

    def add(self, kind, seconds, do, undo):
        """Does it now, and undoes it so long after it is done. One of a kind at a time, as `kind in lasting` tells."""
        window = self.notes.begin(kind)
        do()

        def wait_and_undo():
            time.sleep(seconds)
            try:
                undo()
            except Exception:
                self.notes.wrong(f"{kind} could not be undone: {traceback.format_exc()}")
            finally:
                self.notes.end(window)

        self.running[kind] = self.threads.submit(wait_and_undo)

    def __contains__(self, kind):
        return kind in self.running and not self.running[kind].done()

    def settle(self):
        """Until nothing lasts any more."""
        concurrent.futures.wait(self.running.values())
