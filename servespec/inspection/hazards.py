"""What a pickle may ask for that no model needs. Nothing here makes a pickle safe: a list can't be complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servespec.inspection.symbols import Name
from servespec.models import Hazard

_RUNS_CODE = "runs code when the file is loaded"
_ROOTS = {
    "runs commands when the file is loaded": "os posix nt subprocess pty popen2 commands _posixsubprocess",
    _RUNS_CODE: """
        runpy code codeop bdb pdb timeit trace profile cProfile doctest importlib imp pkgutil zipimport marshal ctypes
        _ctypes cffi distutils setuptools pip venv ensurepip idlelib lib2to3 asyncio multiprocessing concurrent
        threading _thread signal sys gc inspect atexit site types pydoc
        """,
    "reaches the network when the file is loaded": """
        socket _socket ssl http urllib urllib2 urllib3 requests httpx aiohttp webbrowser smtplib ftplib telnetlib
        socketserver xmlrpc wsgiref paramiko boto3
        """,
    "touches files when the file is loaded": """
        shutil tempfile io _io fileinput glob zipfile tarfile sqlite3 dbm shelve logging
        """,
    "loads another pickle when the file is loaded": "pickle _pickle cPickle dill",
    "carries code of its own, which runs when the file is loaded or the model is called": "cloudpickle _cloudpickle",
}
_REASONS = {root: reason for reason, roots in _ROOTS.items() for root in roots.split()}
"""By the first part of a module's name."""
_NAMES = {
    **dict.fromkeys(("torch.load", "joblib.load", "pandas.read_pickle", "numpy.load"), _REASONS["pickle"]),
    **dict.fromkeys(("codecs.open", "numpy.fromfile", "numpy.memmap", "numpy.save"), _REASONS["io"]),
    **dict.fromkeys(("operator.attrgetter", "operator.methodcaller", "functools.reduce"), _RUNS_CODE),
}
_MODULES = ("torch.hub.", "numpy.testing.", "numpy.f2py.")
_BUILTINS = ("builtins", "__builtin__", "__builtins__")
_SAFE = """
    bool bytearray bytes complex dict float frozenset int list long object range set slice str tuple unicode xrange
    basestring Ellipsis NotImplemented NotImplementedType NoneType Exception ValueError TypeError KeyError
    """
_SAFE_BUILTINS = frozenset(_SAFE.split())
_PARTS = """
    os posix nt subprocess sys builtins __builtins__ __globals__ __subclasses__ eval exec system popen __import__
    __getattribute__
    """
_DANGEROUS_PARTS = frozenset(_PARTS.split())


def hazards(names: Iterable[Name]) -> Iterator[Hazard]:
    """A hazard for each name that no model needs."""
    for name in names:
        if reason := reason_against(name):
            yield Hazard(str(name), reason)


def reason_against(asked: Name) -> str | None:
    """Why no model needs a class or function, as far as is known."""
    root = asked.module.partition(".")[0]
    if root in _BUILTINS:
        return None if asked.name in _SAFE_BUILTINS else _RUNS_CODE
    if root in _REASONS:
        return _REASONS[root]
    if f"{asked.module}.".startswith(_MODULES):
        return _RUNS_CODE
    # A dotted name goes through what the module itself has imported: `sklearn.utils` has an `os` too.
    if _DANGEROUS_PARTS.intersection(asked.name.split(".")):
        return _RUNS_CODE
    return _NAMES.get(str(asked))
