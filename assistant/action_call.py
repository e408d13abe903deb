"""The shape of an action call, as Rasa (3.6.21) sends it; the SDK takes any JSON and fails in the middle."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Optional, Union

from pydantic import BaseModel, StrictFloat, StrictInt, StrictStr, ValidationError
from pydantic.errors import DictError

_Number = Union[StrictInt, StrictFloat]


class _Anything(Dict[str, Any]):
    """An object; a list of pairs, which pydantic would make one of, is none."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Any]]:
        yield _object


class _Object(BaseModel):
    """An object with some known fields."""

    @classmethod
    def validate(cls, value: Any) -> Any:
        return super().validate(_object(value))


def _object(value: Any) -> Dict[str, Any]:
    if not isinstance(value, dict):
        raise DictError()
    return value


class _Intent(_Object):
    name: Optional[StrictStr]
    confidence: Optional[_Number]


class _Guess(_Object):
    name: StrictStr
    confidence: _Number


class _Entity(_Object):
    entity: StrictStr
    value: Union[StrictStr, _Number]
    start: StrictInt
    end: StrictInt
    role: Optional[StrictStr]


class _Message(_Object):
    text: Optional[StrictStr]
    intent: Optional[_Intent]
    intent_ranking: Optional[List[_Guess]]
    entities: Optional[List[_Entity]]
    metadata: Optional[_Anything]


class _Event(_Object):
    event: StrictStr
    metadata: Optional[_Anything]


class _Tracker(_Object):
    sender_id: StrictStr
    slots: _Anything
    latest_message: Optional[_Message]
    events: List[_Event]


class _Call(_Object):
    next_action: StrictStr
    version: Optional[StrictStr]
    domain: Optional[_Anything]
    tracker: _Tracker


def flaw_of(call: Any) -> Optional[str]:
    """What is wrong with an action call.

    Args:
        call: what came as JSON.

    Returns:
        The place and the kind of the first flaw, without what was sent; ``None`` if there is none.
    """
    if not isinstance(call, dict):
        return "it is no object"
    try:
        _Call.parse_obj(call)
    except ValidationError as error:
        flaw = error.errors()[0]
        return f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}"
    return None
