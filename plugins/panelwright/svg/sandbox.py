"""Jinja2's sandbox, faster where what is asked for is plainly safe: a page asks tens of thousands of times."""

from __future__ import annotations

import functools
import types
from typing import Any

from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEnvironment

_GUARDED = (
    types.FunctionType, types.MethodType, types.BuiltinMethodType, type, types.CodeType, types.TracebackType,
    types.FrameType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.ModuleType, str,
)  # fmt: skip

_METHOD, _FUNCTION, _BUILTIN = types.MethodType, types.FunctionType, types.BuiltinFunctionType
_CACHED = type(functools.lru_cache(abs))
_OF_DICTS = frozenset(dir(dict))


class Sandbox(SandboxedEnvironment):
    """Allows and refuses what `SandboxedEnvironment` does.

    Its rules look at names that begin with an underscore, at functions, classes, frames and generators, and at
    the ``format`` of a string. A type that is none of these is looked at once; its other attributes are free.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._free: dict[type, bool] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        free = self._free.get(kind)
        if free is None:
            free = self._free[kind] = not issubclass(kind, _GUARDED)
        if free and attribute[0] != "_":
            if kind is dict and attribute in obj and attribute not in _OF_DICTS:
                return obj[attribute]
            value: Any = getattr(obj, attribute, self)
            bound = type(value) is _BUILTIN or type(value) is _METHOD
            if value is not self and not (bound and isinstance(value.__self__, str)):  # no string's format
                return value
        return super().getattr(obj, attribute)

    def call(
        self, context: Context, obj: Any, /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **kwargs: Any
    ) -> Any:
        """``_loop_vars``, ``_block_vars``: the template's own, for functions that are marked to take its context."""
        function = obj.__func__ if type(obj) is _METHOD else obj
        kind = type(function)
        if kind is _FUNCTION:
            plain = not function.__dict__
        elif kind is _CACHED:
            plain = len(function.__dict__) == 1  # what it wraps; its marks would stand beside that
        elif kind is Macro:
            plain, args = True, (context.eval_ctx, *args)  # as Context.call does: a macro takes how to escape
        else:
            plain = kind is _BUILTIN
        if plain:  # no marks
            try:
                return obj(*args, **kwargs)
            except StopIteration:
                return self.undefined("a callable raised StopIteration")
        return super().call(context, obj, *args, _loop_vars=_loop_vars, _block_vars=_block_vars, **kwargs)
