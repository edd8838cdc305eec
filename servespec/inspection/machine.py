"""Follows the instructions of a pickle on a stack of symbols: what it would make, and what it asks for.

Nothing is imported, called or executed. What joblib writes has the bytes of arrays between the instructions:
`servespec.inspection.arrays` knows how many.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from servespec.inspection.arrays import array_follows, skip_array
from servespec.inspection.blob import Stream
from servespec.inspection.opcodes import instructions
from servespec.inspection.symbols import DICT, LIST, OPAQUE, PERSISTENT, SET, Made, Name
from servespec.inspection.types import Malformed

_MARK = object()
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "NEXT_BUFFER": OPAQUE}
_EMPTY = {"EMPTY_LIST": LIST, "EMPTY_DICT": DICT, "EMPTY_SET": SET}
_MARKED = {"LIST": LIST, "DICT": DICT, "FROZENSET": SET}
_FILLS = {"APPEND": 1, "SETITEM": 2}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_IGNORED = frozenset(("PROTO", "FRAME", "READONLY_BUFFER"))
_MAX_NESTED = 10
_TOO_FEW = "is damaged: its instructions take more than there is"


@dataclass
class Trace:
    """What was seen, complete up to where a damaged pickle breaks off."""

    names: dict[Name, None] = field(default_factory=dict)
    """Every class and function that is asked for, in order."""
    objects: list[Made] = field(default_factory=list)
    """Every object with a state, inner ones first."""
    unclear: bool = False
    """Whether something is asked for by a name that can't be seen."""


def follow(stream: Stream, trace: Trace, *, depth: int = 0) -> object:
    """The symbol of the object that a pickle makes."""
    if depth > _MAX_NESTED:
        raise Malformed("has pickles nested too deep")
    machine = _Machine(trace)
    for name, argument in instructions(stream):
        machine.step(name, argument)
        if name == "BUILD" and array_follows(machine.stack[-1]) and skip_array(machine.stack[-1], stream):
            machine.stack[-1] = follow(stream, trace, depth=depth + 1)
    return machine.result


class _Machine:
    """The stack and the memo of one pickle."""

    def __init__(self, trace: Trace) -> None:
        self.stack: list[object] = []
        self.result: object = None
        self._trace = trace
        self._memo: dict[object, object] = {}

    def step(self, name: str, argument: object) -> None:
        """Follow one instruction."""
        if name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _EMPTY:
            self.stack.append(Made(_EMPTY[name]))
        elif name in _MARKED:
            self.stack.append(Made(_MARKED[name], items=self._marked()))
        elif name in _FILLS:
            self._fill(self._pop(_FILLS[name]))
        elif name in _TUPLES:
            self.stack.append(self._pop(_TUPLES[name]))
        elif method := getattr(self, f"do_{name.lower()}", None):
            method(argument)
        elif name not in _IGNORED:
            self.stack.append(argument)

    def _pop(self, count: int) -> tuple[object, ...]:
        if len(self.stack) < count or any(item is _MARK for item in self.stack[-count:]):
            raise Malformed(_TOO_FEW)
        items = tuple(self.stack[-count:])
        del self.stack[-count:]
        return items

    def _marked(self) -> list[object]:
        items: list[object] = []
        while self.stack:
            item = self.stack.pop()
            if item is _MARK:
                return items[::-1]
            items.append(item)
        raise Malformed(_TOO_FEW)

    def _fill(self, items: tuple[object, ...] | list[object]) -> None:
        (target,) = self._pop(1)
        if isinstance(target, Made):
            target.items.extend(items)
        self.stack.append(target)

    def _ask(self, module: object, name: object) -> None:
        if isinstance(module, str) and isinstance(name, str):
            asked = Name(module, name)
            self._trace.names[asked] = None
            self.stack.append(asked)
        else:
            self._trace.unclear = True
            self.stack.append(OPAQUE)

    def _make(self, by: object, arguments: object) -> None:
        self.stack.append(Made(by, arguments))

    # One method an instruction, called by its name.

    def do_stop(self, _: object) -> None:
        (self.result,) = self._pop(1)

    def do_mark(self, _: object) -> None:
        self.stack.append(_MARK)

    def do_pop(self, _: object) -> None:
        # Pops a mark too, when one is on top.
        if not self.stack:
            raise Malformed(_TOO_FEW)
        self.stack.pop()

    def do_pop_mark(self, _: object) -> None:
        self._marked()

    def do_dup(self, _: object) -> None:
        self.stack.extend(self._pop(1) * 2)

    def do_tuple(self, _: object) -> None:
        self.stack.append(tuple(self._marked()))

    def do_appends(self, _: object) -> None:
        self._fill(self._marked())

    do_setitems = do_additems = do_appends

    def do_global(self, asked: object) -> None:
        module, name = asked if isinstance(asked, tuple) else (None, None)
        self._ask(module, name)

    def do_stack_global(self, _: object) -> None:
        self._ask(*self._pop(2))

    def do_inst(self, asked: object) -> None:
        arguments = tuple(self._marked())
        self.do_global(asked)
        self._make(self.stack.pop(), arguments)

    def do_obj(self, _: object) -> None:
        by, *arguments = self._marked() or [OPAQUE]
        self._make(by, tuple(arguments))

    def do_reduce(self, _: object) -> None:
        by, arguments = self._pop(2)
        self._make(by, arguments)

    do_newobj = do_reduce

    def do_newobj_ex(self, _: object) -> None:
        by, arguments, _ = self._pop(3)
        self._make(by, arguments)

    def do_build(self, _: object) -> None:
        target, state = self._pop(2)
        if isinstance(target, Made):
            target.state = state
            self._trace.objects.append(target)
        self.stack.append(target)

    def do_put(self, key: object) -> None:
        (self._memo[key],) = top = self._pop(1)
        self.stack.extend(top)

    do_binput = do_long_binput = do_put

    def do_memoize(self, _: object) -> None:
        self.do_put(len(self._memo))

    def do_get(self, key: object) -> None:
        if key not in self._memo:
            raise Malformed("is damaged: it means something that it has not made")
        self.stack.append(self._memo[key])

    do_binget = do_long_binget = do_get

    def do_persid(self, identity: object) -> None:
        self._make(PERSISTENT, identity)

    def do_binpersid(self, _: object) -> None:
        self._make(PERSISTENT, *self._pop(1))

    def do_ext1(self, _: object) -> None:
        self._ask(None, None)

    do_ext2 = do_ext4 = do_ext1
