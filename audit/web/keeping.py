"""Keeps what is costly to work out and never changes: under its key and language as far as there is room, or beside
an object that never changes, as long as that is there.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, Generic, TypeVar
from weakref import ReferenceType, ref

from audit.domain.tongue import language

Value = TypeVar("Value")


class Keeper(Generic[Value]):
    """The most recently used values of a pure function, by key; shared by the threads of a process."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of that key in the language of the moment; made, outside the lock, when it is not there."""
        key = (language(), key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self.room:
                self._kept.popitem(last=False)
        return value

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


class Beside(Generic[Value]):
    """What was worked out about the newest objects that never change, by language; it goes when its object goes.

    A value must not hold its object, or it would stay as long as there is room.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self._lock = RLock()
        self._kept: dict[tuple[int, str], tuple[ReferenceType[Any], Value]] = {}

    def find(self, owner: object) -> Value | None:
        found = self._kept.get((id(owner), language()))
        return found[1] if found and found[0]() is owner else None

    def keep(self, owner: object, value: Value) -> Value:
        key = id(owner), language()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = ref(owner, lambda gone: self._forget(key, gone)), value
            while len(self._kept) > self.room:
                self._kept.pop(next(iter(self._kept)), None)
        return value

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _forget(self, key: tuple[int, str], gone: ReferenceType[Any]) -> None:
        """An object may have the number of one that is gone; this may be called in the middle of ``keep``."""
        with self._lock:
            if key in self._kept and self._kept[key][0] is gone:
                del self._kept[key]
