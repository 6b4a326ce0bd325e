"""The faster sandbox allows and refuses what Jinja2's own does."""

from __future__ import annotations

from functools import lru_cache
from types import MethodType
from typing import Any

import pytest
from jinja2 import StrictUndefined, pass_environment
from jinja2.sandbox import SandboxedEnvironment, SecurityError

from panelwright.svg.sandbox import Sandbox


class Thing:
    """Has a public and a private side."""

    width = 3

    def __init__(self) -> None:
        self._secret = "secret"
        self.sentence = "{0._secret}".format

    def twice(self, n: int) -> int:
        return 2 * n


def free(n: int) -> int:
    return n + 1


@lru_cache
def cached(n: int) -> int:
    return n + 2


@lru_cache
def cached_forbidden() -> str:
    return "ran"


cached_forbidden.unsafe_callable = True  # type: ignore[attr-defined]


def forbidden() -> str:
    return "ran"


forbidden.unsafe_callable = True  # type: ignore[attr-defined]


@pass_environment
def asks(environment: Any, n: int) -> str:
    return f"{environment.sandboxed} {n}"


def runs_dry() -> None:
    raise StopIteration


NAMES: dict[str, Any] = {
    "thing": Thing(), "free": free, "forbidden": forbidden, "asks": asks, "runs_dry": runs_dry, "Thing": Thing,
    "facts": {"width": 5, "items": "hidden by the method", "_private": 1}, "least": min, "cached": cached,
    "cached_forbidden": cached_forbidden, "bound": MethodType(min, 3),
}  # fmt: skip


def told(environment: SandboxedEnvironment, source: str) -> str:
    """What the template writes, or the kind of error."""
    try:
        return environment.from_string(source).render(**NAMES)
    except Exception as error:  # the kinds are compared
        return type(error).__name__


@pytest.mark.parametrize(
    "source",
    [
        "{{ thing.width }}", "{{ thing.twice(4) }}", "{{ free(1) }}", "{{ least(2, 1) }}", "{{ asks(7) }}",
        "{{ facts.width }}", "{{ facts['width'] }}", "{{ facts.items() | list | length }}", "{{ facts._private }}",
        "{% for i in [1, 2] %}{{ free(i) }}{% endfor %}", "{{ thing.missing }}", "{{ facts.missing }}",
        "{{ '%s'|format(3) }}", "{{ '{0.width}'.format(thing) }}", "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) }}",
        # what must not be reached
        "{{ thing._secret }}", "{{ thing.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ free.__globals__ }}",
        "{{ thing.twice.__func__ }}", "{{ thing.twice.__self__ }}", "{{ Thing.mro() }}", "{{ forbidden() }}",
        "{{ '{0.__class__}'.format(thing) }}", "{{ '{0._secret}'.format(thing) }}", "{{ free['__globals__'] }}",
        "{{ thing|attr('__class__') }}", "{{ (facts.get).__self__ }}", "{{ runs_dry() }}", "{{ thing() }}",
        "{{ thing.sentence(thing) }}", "{{ cached(1) }}", "{{ cached_forbidden() }}", "{{ bound(2) }}",
        "{{ cached.__wrapped__ }}",
    ],
)  # fmt: skip
def test_as_jinja2s_own(source: str) -> None:
    settings: dict[str, Any] = {"undefined": StrictUndefined, "autoescape": True}
    assert told(Sandbox(**settings), source) == told(SandboxedEnvironment(**settings), source)


def test_secrets_are_refused() -> None:
    for source in ("{{ thing.__class__ }}", "{{ free.__globals__ }}", "{{ '{0.__class__}'.format(thing) }}"):
        with pytest.raises(SecurityError):
            Sandbox(undefined=StrictUndefined).from_string(source).render(**NAMES)
