"""Words around a number that tell what it counts: English ones first, German ones on the lines after them."""

from __future__ import annotations

from typing import FrozenSet


def _words(*lines: str) -> FrozenSet[str]:
    return frozenset(" ".join(lines).split())


ARTICLES = _words("a an one", "ein eine einen einem einer")
# "an incident is open" counts nothing, "only one incident left" does.
COUNTING = _words(
    "only just left remaining remains single exactly",
    "nur bloß übrig frei verbleibend einzig einzige einzigen genau",
)
# "we have one more incident"; but "open one more incident".
MORE = _words("more", "noch")
HAVING = _words("have has got", "haben habe hab hat bleibt")
HALF = _words("half", "halbe halben")
# "two gold competencies and one silver", "eine davon"
OF_THEM = _words("gold silver was in", "silber davon")
# "3 days or 10", "erst 2 Tage, dann 5"
THEN = _words(", ? or then just now", "oder dann jetzt")
# Numbers that belong together: "three of the five", "2-3".
JOINS = _words("/ - – + of out to or and the our my as", "von bis oder und den unseren unserer meinen als")
# No unit comes after these any more.
ENDS = _words(". , ; ! ? ( ) in since for on at with", "seit vor im mit bei")
# After these a number is a name: of an error, a version, a step, a price, a day.
NAMING = _words(
    "$ € # error code step level version case sev severity tier phase page id no number at between",
    "office dynamics windows win server sql exchange sharepoint microsoft sp cu kb",
    "january february march april may june july august september october november december",
    "fehler fehlercode schritt stufe seite nr nummer um am bis zwischen",
    "januar februar märz mai juni juli oktober dezember",
)
# What follows a number that stands for itself: "we had 20 incidents, now 10 are left".
FOLLOWING = _words(
    ". , ; ! ? ) ( – / in since bought assigned or and but if again though now we i it left remaining",
    "remain more gone used open closed are is were was do does",
    "im seit gekauft zugewiesen oder und aber noch davon weg übrig offen frei verbraucht verbrannt mehr neu",
    "sind ist waren war da drin drauf obendrauf runter zu statt habe haben",
)
