"""Names of intents that the code refers to; content/contract.yml and domain.yml list them all."""

OUT_OF_SCOPE = "out_of_scope"
# Rasa's name for "none of them is likely enough".
UNSURE = "nlu_fallback"
OTHER_LANGUAGE = "other_language"
INFORM = "inform"
EXPLAIN = "explain"
