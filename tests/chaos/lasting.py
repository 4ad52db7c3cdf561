"""Faults that last: each is undone when its time is over, while others come."""
# SPDX-License-Identifier: BSD-3-Clause
import threading
import traceback


class Lasting:
    def __init__(self, notes):
        self.notes, self.lock, self.running = notes, threading.Lock(), {}

    def add(self, kind, seconds, undo):
        """Begins now. One of a kind at a time, as `kind in lasting` tells."""
        window = self.notes.begin(kind)

        def finish():
            try:
                undo()
            except Exception:
                self.notes.wrong(f"{kind} could not be undone: {traceback.format_exc()}")
            finally:
                self.notes.end(window)
                with self.lock:
                    del self.running[kind]

        timer = threading.Timer(seconds, finish)
        with self.lock:
            self.running[kind] = timer
        timer.start()

    def __contains__(self, kind):
        with self.lock:
            return kind in self.running

    def settle(self):
        """Until nothing lasts any more."""
        with self.lock:
            timers = list(self.running.values())
        for timer in timers:
            timer.join()
