"""What goes wrong with one event, and what goes wrong around the worker."""

UNDECODABLE, UNFIT, MODEL, SINK, CRASH = "undecodable", "unfit", "model", "sink", "crash"
USAGE = 2  # the exit code of wrong usage: a port that can't be had, too
REFUSED = 8  # the exit code when a broker refuses for good


class Bad(Exception):
    """One event has no prediction, whoever tries: it goes to the dead letters with this kind and sentence."""

    def __init__(self, kind, reason):
        super().__init__(reason)
        self.kind, self.reason = kind, reason[:500]


class Unavailable(Exception):
    """What the worker needs does not answer now. No event is to blame: all of them wait."""


class Stopped(Exception):
    """The worker was told to end while it waited: what it waited for is not done, and comes again."""
