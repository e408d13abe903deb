"""E-mail addresses, phone numbers, ids and keys in a text.

Microsoft publishes no format for Access IDs and Contract IDs: they are found by the words around
them. What has digits is looked at once, from left to right; what is known to be harmless, such as
a date or an error code, comes first.

To take linear time, a run that may be long begins only where none has begun yet, and every other
repetition is bounded.
"""

from __future__ import annotations

import re
from typing import Optional

EMAIL, PHONE, ACCESS, CONTRACT, GUID, NUMBER = (
    f"[{kind}]" for kind in ("email", "phone", "access-id", "contract-id", "guid", "number")
)

_USER = r"[^\s@<>()\[\]{},;:\"'„“”«»|=]"
_NAME = r"(?<![\w.+-])[\w.+-]+"
_AT = r" ?(?:\(at\)|\[at\]|\{at\}|\(ät\)) ?"
_DOT = r"(?: ?(?:\(dot\)|\[dot\]|\(punkt\)) ?|\.)"
_EMAIL = re.compile(
    rf"(?<!{_USER}){_USER}+@(?:\w[\w-]*(?:\.[\w-]+)+|[^\W\d_][\w-]*)"
    rf"|{_NAME}{_AT}[\w-]+(?:{_DOT}[\w-]+)+"
    rf"|{_NAME} @ [\w-]+(?:\.[\w-]+)+|{_NAME} at [\w-]+(?: (?:dot|punkt) [\w-]+)+",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?<![0-9a-z])(?:"
    r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-z])"
    # A product key, and what can only be random: long, with letters and digits.
    r"|[0-9a-z]{5}(?:-[0-9a-z]{5}){4}(?![0-9a-z])"
    r"|(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{20,}(?:[~._-][0-9a-z~._-]*)?"
    r"|[0-9a-z.-]{1,40}~[0-9a-z.~_-]{15,}"
    r")",
    re.IGNORECASE,
)

_YEAR = r"(?:19|20)\d\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_CURRENCY = r"(?:[€$£]|(?:EUR|USD|CHF|GBP|Euro|Dollar)\b)"
_AMOUNT = r"\d{1,3}(?:[ .,']\d{3}){0,4}(?:[.,]\d{1,2})?"
_ERROR = (
    r"(?:(?:error|exit|return|status|stop|fehler|exception|hresult)(?:[ -]?(?:code|nummer))?"
    r"|event id|ereignis-?id)"
)
_SEPARATED = r"[\s./()-]{0,3}\d"
_HARMLESS = (
    r"\[[a-z-]{2,12}\]",
    rf"{_YEAR}(?P<a>[-/.]){_MONTH}(?P=a){_DAY}(?:[T ]\d\d?:\d\d(?::\d\d)?(?:\.\d{{1,7}})?Z?)?(?!\d)",
    rf"(?:{_DAY}(?P<b>[-/.]){_MONTH}(?P=b)|{_MONTH}(?P<c>[-/.]){_DAY}(?P=c))(?:{_YEAR}|\d\d)(?!\d|[-/.]\d)",
    r"\d{1,2}\.\d{1,2}\.(?!\d)",
    r"\d{1,2}:\d\d(?::\d\d)?",
    r"(?:[01]?\d|2[0-3])\.[0-5]\d(?!\d|\.\d)",
    rf"{_CURRENCY} ?{_AMOUNT}(?!\d)",
    rf"{_AMOUNT} ?{_CURRENCY}",
    rf"{_YEAR}(?:[ ,/-]{{1,2}}{_YEAR}){{0,9}}(?!\w|[ -]?\d{{3}})",
    r"\d{1,4}(?:er|(?-i:x)\d{1,4}|[kmgt]b|[gm]hz|px|ms|packs?)\b",
    rf"{_ERROR}[\s:#=]{{1,3}}-?[0-9a-fx]{{3,10}}(?!\w)",
    r"-2\d{9}(?!\w)|0x[0-9a-f]+",
    r"kb ?\d{6,7}(?!\d)|(?:(?:cu|sp)\d{1,2}|(?:fy|sql|win)\d{1,4}|iso\d{4,5}|(?:aadsts|msis|http)\d+)(?!\w)",
)
_PHONE = (
    rf"(?:\+ ?|00)[1-9](?:{_SEPARATED}){{6,14}}(?!\w)",
    r"(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])\d{3}[ .-]\d{4}(?!\w)",
    rf"(?:\(0 ?[1-9]\d{{0,4}}\)|0 ?[1-9]\d{{0,4}})[\s./-]{{0,3}}\d(?:{_SEPARATED}){{3,10}}(?!\w)",
)
_VERSION = r"\d+(?:\.\d+){2,}"
_GROUPS = r"\d{1,6}(?:[ /-]\d{1,6})+(?![\w-])"
_TOKEN = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
_WITH_DIGITS = re.compile(
    rf"(?P<harmless>{'|'.join(_HARMLESS)})|(?P<phone>{'|'.join(_PHONE)})|(?P<version>{_VERSION})"
    rf"|(?P<groups>{_GROUPS})|(?P<token>{_TOKEN})|\w+",
    re.IGNORECASE,
)

# How far from its label an id may stand.
_BEFORE, _AFTER = 70, 40
_ID_WORD = r"[\s_-]{0,2}(?:ids?|numbers?|no|nr|nummern?|code|kennung)\b"
_LABELS = re.compile(
    rf"(?P<access>\b(?:access|zugriffs?|zugangs?|zugriffs- und vertrags){_ID_WORD})"
    rf"|(?P<contract>\b(?:contracts?|vertr[aä]ge?s?|vertrags)(?:{_ID_WORD}|\b))"
    rf"|(?P<phone>\b(?:tel|telefon\w*|phones?|mobile|mobil\w*|handy\w*|cell|fax|durchwahl|call|ring|dial|whatsapp"
    rf"|anrufen|zurückrufen|rufnummer|reach|erreich\w*)\b)"
    rf"|(?P<number>\bids?\b|\b(?:customer|partner|mpn|case|order|ticket|invoice|kunden|bestell|auftrags|fall"
    rf"|rechnungs){_ID_WORD})",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\b(?:durchwahl|dw|ext|extension)\b[.:\s]{0,3}(?:is |ist |lautet )?\Z", re.IGNORECASE
)
_MARKS = r"[\s:=#\"'„“.()-]{0,4}"
_NEXT_TO_LABEL = re.compile(
    rf"{_MARKS}(?:(?:is|are|was|ist|sind|war|lautet|lauten|number|nummer|nr)\b{_MARKS}){{0,2}}\Z",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
# What is no part of an id: five letters, or four that are not all capitals.
_WORD = re.compile(r"[A-Za-z]{5}|(?=[A-Za-z]{4})[A-Z]{0,3}[a-z]")
_KINDS = {"access": ACCESS, "contract": CONTRACT, "phone": PHONE, "number": NUMBER}
_LONG_NUMBER = 8
# 80070005 and its like are error codes of Windows without their "0x".
_ERROR_NUMBER = re.compile(r"80[0-4][0-9a-f]{5}", re.IGNORECASE)


def first_contact(text: str) -> Optional[str]:
    """The first e-mail address or phone number in a text."""
    found = _EMAIL.search(text)
    if found:
        return found.group().strip(".,;")
    numbers = (match for match in _WITH_DIGITS.finditer(text) if _is_number(match))
    return next((match.group().strip() for match in numbers), None)


def _is_number(match: re.Match[str]) -> bool:
    """Whether somebody who was asked how to be reached means it as a phone number."""
    digits = re.sub(r"[ ./-]", "", match.group())
    return match.lastgroup == "phone" or (digits.isdigit() and 6 <= len(digits) <= 15)


def redact_identifiers(text: str) -> str:
    """The text with addresses, phone numbers, ids and keys replaced; redacting twice changes nothing."""
    text = _KEY.sub(GUID, _EMAIL.sub(EMAIL, text))
    return _WITH_DIGITS.sub(_replacement, text)


def _replacement(match: re.Match[str]) -> str:
    kind, found = match.lastgroup, match.group()
    if kind == "phone":
        return PHONE
    if kind in ("version", "groups", "token"):
        return _placeholder(match, found) or found
    return found


def _placeholder(match: re.Match[str], found: str) -> Optional[str]:
    digits = sum(char.isdigit() for char in found)
    if not digits:
        return None
    label, is_next = _label(match.string, match.start(), match.end())
    is_version = match.lastgroup == "version"
    if label in (ACCESS, CONTRACT, NUMBER) and _is_id(found, digits, is_next) and (is_next or not is_version):
        return label
    if is_version:
        return None
    is_called = label == PHONE and digits >= 6 and not _WORD.search(found)
    if is_called or _EXTENSION.search(match.string, max(0, match.start() - 25), match.start()):
        return PHONE
    return _unlabelled(found, digits)


def _is_id(found: str, digits: int, is_next: bool) -> bool:
    """Whether a token can be an id: long enough, with digits, and no word in it."""
    if len(found) < 5:
        return False
    if is_next:
        return digits >= (4 if _WORD.search(found) else 2)
    is_number = re.sub(r"[ ./-]", "", found).isdigit()
    return digits >= (6 if is_number else 3) and not _WORD.search(found)


def _unlabelled(found: str, digits: int) -> Optional[str]:
    """What a number without a word for it is: a long one identifies somebody or something."""
    if _ERROR_NUMBER.fullmatch(found):
        return None
    groups = re.split(r"[ ./_-]", found)
    if max(map(_longest_number, groups)) >= _LONG_NUMBER:
        return PHONE if found.startswith("0") and found.isdigit() else NUMBER
    is_grouped = "." not in found and all(group.isdigit() and len(group) >= 3 for group in groups)
    starts_with_year = len(groups) == 2 and re.fullmatch(_YEAR, groups[0])
    return NUMBER if digits >= _LONG_NUMBER and is_grouped and not starts_with_year else None


def _longest_number(group: str) -> int:
    return max(map(len, re.findall(r"\d+", group)), default=0)


def _label(text: str, start: int, end: int) -> tuple[Optional[str], bool]:
    """What a token is called by the nearest words of its sentence, and whether they stand right before it."""
    before = text[max(0, start - _BEFORE) : start]
    labels = list(_LABELS.finditer(before))
    if labels:
        between = before[labels[-1].end() :]
        is_next = bool(_NEXT_TO_LABEL.match(between))
        if is_next or not _SENTENCE_END.search(between):
            return _KINDS[labels[-1].lastgroup], is_next
    after = text[end : end + _AFTER]
    label = _LABELS.search(after)
    if label and not _SENTENCE_END.search(after[: label.start()]):
        return _KINDS[label.lastgroup], False
    return None, False
