"""The shape of an action call, as Rasa (3.6.21) sends it; the SDK takes any JSON and fails in the middle."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Union

from pydantic import BaseModel, StrictFloat, StrictInt, StrictStr, ValidationError

_Number = Union[StrictInt, StrictFloat]


class _Intent(BaseModel):
    name: Optional[StrictStr]
    confidence: Optional[_Number]


class _Guess(BaseModel):
    name: StrictStr
    confidence: _Number


class _Entity(BaseModel):
    entity: StrictStr
    value: Union[StrictStr, _Number]
    start: StrictInt
    end: StrictInt
    role: Optional[StrictStr]


class _Message(BaseModel):
    text: Optional[StrictStr]
    intent: Optional[_Intent]
    intent_ranking: Optional[List[_Guess]]
    entities: Optional[List[_Entity]]
    metadata: Optional[Dict[str, Any]]


class _Event(BaseModel):
    event: StrictStr
    metadata: Optional[Dict[str, Any]]


class _Tracker(BaseModel):
    sender_id: StrictStr
    slots: Dict[str, Any]
    latest_message: Optional[_Message]
    events: List[_Event]


class _Call(BaseModel):
    next_action: StrictStr
    version: Optional[StrictStr]
    domain: Optional[Dict[str, Any]]
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
