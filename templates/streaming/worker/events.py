"""An event as it came, and a record as it goes out."""

PREFIX = "servespec-"


class Event:
    """What was read from a source: bytes, and where they came from."""

    __slots__ = ("accused", "at", "attempts", "deliveries", "handle", "headers", "key", "letter", "place", "value")

    def __init__(self, value, key, headers, place, at, handle):  # by their places: that costs half as much
        self.value, self.key = value, key
        self.headers = headers
        """Pairs of name and bytes, without those that a worker wrote."""
        self.place = place
        """Pairs of name and text that say where it came from, and the same for the same event every time."""
        self.at = at
        """When it was written, in seconds since 1970."""
        self.handle = handle
        """What its source knows it by."""
        self.attempts = self.deliveries = 1
        """How often it was tried, by now and in all; and how often the source gave it out."""
        self.accused = False
        """Whether it is the one of those that were given out as often of which their last worker died, as far as its source
        can tell."""
        self.letter = 0
        """How often it was tried before the dead letter that it was read from, which stays so however often that is given
        out; 0 of an event that was read from its source."""


class Record:
    """What is to be written to a sink, because of an event."""

    __slots__ = ("dead", "event", "headers", "key", "value")

    def __init__(self, event, value, key, headers, dead):
        self.event, self.value, self.key, self.headers = event, value, key, headers
        self.dead = dead
        """Whether it goes to the dead letters."""


def own(name):
    """Whether a header is one of those that a worker writes."""
    return name.startswith(PREFIX)
