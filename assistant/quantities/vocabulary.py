"""Words around a number that tell what it counts, in both languages."""

ARTICLES = {"a", "an", "one", "ein", "eine", "einen", "einem", "einer"}
# "an incident is open" counts nothing, "only one incident left" does.
COUNTING = {
    *("only", "just", "left", "remaining", "remains", "single", "exactly"),
    *("nur", "bloß", "übrig", "frei", "verbleibend", "einzig", "einzige", "einzigen", "genau"),
}
# "we have one more incident"; but "open one more incident".
MORE = {"more", "noch"}
HAVING = {"have", "has", "got", "haben", "habe", "hab", "hat", "bleibt"}
HALF = {"half", "halbe", "halben"}
# "two gold competencies and one silver", "eine davon"
OF_THEM = {"gold", "silver", "silber", "davon", "was", "in"}
# "3 days or 10", "erst 2 Tage, dann 5"
THEN = {"or", "oder", "then", "dann", "just", ",", "?", "now", "jetzt"}
# Numbers that belong together: "three of the five", "2-3".
JOINS = {
    *("of", "out", "to", "or", "and", "the", "our", "my", "as", "/", "-", "–", "+"),
    *("von", "bis", "oder", "und", "den", "unseren", "unserer", "meinen", "als"),
}
# No unit comes after these any more.
ENDS = {
    *(".", ",", ";", "!", "?", "(", ")", "in", "since", "for", "on", "at", "with"),
    *("seit", "vor", "im", "mit", "bei"),
}
# After these a number is a name: of an error, a version, a step, a price.
NAMING = {
    *(
        "error",
        "code",
        "step",
        "level",
        "version",
        "case",
        "sev",
        "severity",
        "tier",
        "phase",
        "page",
        "id",
        "no",
    ),
    *(
        "fehler",
        "fehlercode",
        "schritt",
        "stufe",
        "seite",
        "nr",
        "nummer",
        "number",
        "um",
        "at",
        "am",
        "bis",
        "$",
        "€",
        "#",
    ),
    *(
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
    ),
    *(
        "december",
        "januar",
        "februar",
        "märz",
        "mai",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "between",
        "zwischen",
    ),
    *(
        "office",
        "dynamics",
        "windows",
        "win",
        "server",
        "sql",
        "exchange",
        "sharepoint",
        "microsoft",
        "sp",
        "cu",
        "kb",
    ),
}
# What follows a number that stands for itself: "we had 20 incidents, now 10 are left".
FOLLOWING = {
    *("in", "im", "since", "seit", "bought", "gekauft", "assigned", "zugewiesen"),
    *(
        "/",
        ".",
        ",",
        ";",
        "!",
        "?",
        ")",
        "(",
        "–",
        "or",
        "and",
        "but",
        "if",
        "again",
        "though",
        "now",
        "we",
        "i",
        "it",
    ),
    *(
        "left",
        "remaining",
        "remain",
        "more",
        "gone",
        "used",
        "open",
        "closed",
        "are",
        "is",
        "were",
        "was",
        "do",
        "does",
    ),
    *(
        "oder",
        "und",
        "aber",
        "noch",
        "davon",
        "weg",
        "übrig",
        "offen",
        "frei",
        "verbraucht",
        "verbrannt",
        "mehr",
        "neu",
    ),
    *(
        "sind",
        "ist",
        "waren",
        "war",
        "da",
        "drin",
        "drauf",
        "obendrauf",
        "runter",
        "zu",
        "statt",
        "habe",
        "haben",
    ),
}
