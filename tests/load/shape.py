"""What a soak looked at, sample by sample: whether it grew, and a picture of it."""
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import statistics

HOUR = 3600


@dataclasses.dataclass
class Quantity:
    name: str
    unit: str
    bound: float  # of its growth in an hour; of a share, of its own median
    share: bool = False

    def most(self, values):
        return self.bound * statistics.median(values) if self.share else self.bound


QUANTITIES = [Quantity("memory", "MiB", 8), Quantity("descriptors", "", 4), Quantity("threads", "", 2), Quantity("processes", "", 1),
              Quantity("disk", "MiB", 4), Quantity("database", "MiB", 1), Quantity("latency", "ms", 0.5, share=True)]


def slope(times, values, most=400):
    """Theil and Sen's: the median of the slopes between all pairs, an hour. Of many samples, every so many are taken."""
    every = -(-len(times) // most)
    points = list(zip(times, values))[::every]
    slopes = [(b - a) / (t - s) for i, (s, a) in enumerate(points) for t, b in points[i + 1:] if t > s]
    return statistics.median(slopes) * HOUR


def judge(samples, warm):
    """[(quantity, where it was after the warm-up, where at the end, growth an hour, the most it may be)]. Samples are dicts with `time`."""
    rows = []
    for quantity in QUANTITIES:
        points = [(s["time"], s[quantity.name]) for s in samples if s["time"] >= warm and s[quantity.name] is not None]
        times, values = zip(*points)
        few = max(1, len(values) // 20)
        rows.append((quantity, statistics.median(values[:few]), statistics.median(values[-few:]), slope(times, values), quantity.most(values)))
    return rows


def flat(rows):
    return all(growth <= most for _, _, _, growth, most in rows)


def table(rows):
    lines = [f"{'':12}{'after warm-up':>14}{'at the end':>12}{'an hour':>10}{'at most':>10}"]
    for quantity, first, last, growth, most in rows:
        lines.append(f"{quantity.name:12}{first:14.2f}{last:12.2f}{growth:+10.3f}{most:10.2f} {quantity.unit}"
                     + ("" if growth <= most else "  GROWS"))
    return "\n".join(lines)


def plot(path, samples, warm):
    """Where python3-matplotlib is installed."""
    try:
        import matplotlib
    except ImportError:
        return f"no picture: python3-matplotlib is not installed (scripts/install-packages bench)"
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(len(QUANTITIES), 1, sharex=True, figsize=(9, 2 * len(QUANTITIES)))
    for axis, quantity in zip(axes, QUANTITIES):
        axis.plot([s["time"] / 60 for s in samples], [s[quantity.name] for s in samples], linewidth=0.8)
        axis.axvline(warm / 60, color="grey", linestyle=":", linewidth=0.8)
        axis.set_ylabel(f"{quantity.name} {quantity.unit}".strip())
        axis.set_ylim(0, 1.1 * max(s[quantity.name] or 0 for s in samples))
    axes[-1].set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    return str(path)
