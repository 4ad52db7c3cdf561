"""What the load was told, and what was done to the service meanwhile: what the audit holds against the world."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import dataclasses
import threading
import time

GRACE = 5.0  # seconds around a fault in which it excuses what happens


@dataclasses.dataclass
class Credential:
    """A token. What begins before `ending` may be let in; what begins after `ended` must not."""
    user: str
    text: str
    id: str
    ending: float = float("inf")
    ended: float = float("inf")


@dataclasses.dataclass
class Job:
    id: str
    run_id: str
    owner: str
    survey: str
    variant: str
    names: list        # positions, a row each
    begun: float = 0.0
    cancelled: bool = False
    may_be_gone: bool = False  # a removal was sent
    gone: bool = False         # and acknowledged
    busy: threading.Lock = dataclasses.field(default_factory=threading.Lock)


class Notes:
    """[any thread]"""

    def __init__(self):
        self.lock = threading.Lock()
        self.jobs = {}             # id: Job; accepted, and said to be
        self.lost = {}             # run_id: Job without an id, whose acceptance was lost on the way
        self.never = set()         # run_ids of submissions that were not sent whole
        self.counts = collections.Counter()  # (what, outcome)
        self.wrongs = []           # what must not be, as sentences
        self.windows = collections.defaultdict(list)  # fault: [begin, end], wall time; end None while it lasts
        self.credentials = {}      # user: the one in use
        self.old_credentials = []
        self.acts = []             # (act, object) of an admin, acknowledged
        self.drawn = 0             # rita's cutouts that were answered
        self.drawn_at_most = 0     # and those of which that is not known

    def count(self, what, outcome):
        with self.lock:
            self.counts[what, outcome] += 1

    def wrong(self, sentence):
        with self.lock:
            self.wrongs.append(sentence)

    def begin(self, fault):
        window = [time.time(), None]
        with self.lock:
            self.windows[fault].append(window)
        return window

    def bearer(self, user):
        """Headers of their requests."""
        return {} if user == "anonymous" else {"Authorization": f"Bearer {self.credentials[user].text}"}

    @staticmethod
    def end(window):
        window[1] = time.time()

    def during(self, fault, begin, end=None):
        """Whether that fault was there at some moment between the two."""
        end = begin if end is None else end
        with self.lock:
            return any(b - GRACE <= end and (e is None or begin <= e + GRACE) for b, e in self.windows[fault])

    def any_during(self, faults, begin, end=None):
        return any(self.during(fault, begin, end) for fault in faults)
