"""What is thrown at the entry points: strategies of Hypothesis, and values drawn from them."""

from __future__ import annotations

import copy
import json
from typing import Any, Dict, List

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

# What our own patterns and those of libraries look for, and what has broken others.
_FRAGMENTS = [
    *("access id", "contract number is", "Zugriffs-ID", "Vertragsnummer:", "12345678", "0", "+49 (0)", "00"),
    *(
        "-",
        " ",
        "\n",
        "\t",
        "@",
        "a@b.c",
        "a.",
        "<@U0BOT>",
        "<at>",
        "</at>",
        "<!here|",
        "<https://x|y>",
        "&amp;",
    ),
    *(
        "&#",
        "[x](",
        ")",
        "**",
        "`",
        '"',
        "„",
        "“",
        "/",
        "/restart",
        '/inform{"option": "a.b.c"}',
        "{",
        "}",
        "1.",
    ),
    *(
        "two and a half",
        "anderthalb",
        "hundred",
        "incidents",
        "Incidents",
        "dozen",
        "1e999",
        "½",
        "²",
        "٣",
        "①",
    ),
    *(
        "\0",
        "\x1b[31m",
        "\u200d",
        "\u202e",
        "\ufeff",
        "\ud800",
        "\udfff",
        "e\u0301",
        "ẞ",
        "İ",
        "ﬁ",
        "👍🏽",
        "🇩🇪",
    ),
    *("${jndi:x}", "../", "%00", "'; --", "<script>", "{{7*7}}", "None", "NaN", "\r\nX: y", "gold", "Silber"),
]
_fragments = st.lists(st.sampled_from(_FRAGMENTS), max_size=40).map("".join)
_repeated = st.tuples(st.sampled_from(_FRAGMENTS), st.integers(1, 2_500)).map(
    lambda one: (one[0] * one[1])[:2_600]
)
texts = st.one_of(st.text(max_size=80), _fragments, _repeated)
_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.sampled_from([10**400, -1, 2**63, ""])
)
values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
_deep = st.tuples(st.sampled_from(["[", '{"a":']), st.integers(1, 5_000)).map(
    lambda one: (one[0] * one[1]).encode()
)
raw_bodies = st.one_of(
    st.binary(max_size=200), _deep, texts.map(lambda text: text.encode("utf-8", "replace"))
)


@st.composite
def changed(draw: Any, valid: Dict[str, Any]) -> Dict[str, Any]:
    """A valid object with up to three places that hold something else, or nothing."""
    body = copy.deepcopy(valid)
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
        places = list(_places(body))
        if not places:
            break
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        change = draw(st.sampled_from(["text", "text", "value", "drop"]))
        if change == "text" and isinstance(holder[key], str):
            holder[key] = draw(texts)
        elif change == "drop" and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = draw(values)
    return body


def bodies(valid: Dict[str, Any]) -> SearchStrategy[bytes]:
    """Bodies of requests: mostly almost valid JSON, some other JSON, some anything."""
    almost = changed(valid).map(to_json)
    return st.one_of(almost, almost, almost, values.map(to_json), raw_bodies)


def to_json(value: Any) -> bytes:
    """JSON as Python writes it, with ``NaN`` and lone surrogates."""
    return json.dumps(value).encode()


def draw(strategy: SearchStrategy[Any], count: int, number: int) -> List[Any]:
    """So many values, always the same for a number."""
    drawn: List[Any] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(value: Any) -> None:
        drawn.append(value)

    keep()
    return drawn[:count]


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)
