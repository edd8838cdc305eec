

class ClientError(Exception):
    """There is no prediction; the message says why."""

    exit_code = 1


class Refused(ClientError):
    """The server does not answer such a request."""


class BadInput(ClientError, ValueError):
    """What was given can't be sent."""

    exit_code = 2


class ServerFailed(ClientError):
    """The server failed, or what it said is no answer."""

    exit_code = 3


class TooLate(ClientError):
    """The time was over."""

    exit_code = 4


class Unreachable(ClientError):
    """Nobody is there, or the connection was cut."""

    exit_code = 5
