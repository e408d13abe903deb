"""Counts and durations with their unit."""

import pytest
import yaml

from assistant.quantities import QuantityReader


@pytest.fixture(scope="module")
def read(content):
    reader = QuantityReader(content)

    def quantities(text, names=()):
        return [f"{quantity.value:g} {quantity.unit}" for quantity in reader.read(text, names)]

    return quantities


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("we have 3 incidents left", ["3 incidents"]),
        ("3 of 5 support requests are gone", ["3 incidents", "5 incidents"]),
        ("noch drei von fünf Anfragen", ["3 incidents", "5 incidents"]),
        ("incidents remaining: 0", ["0 incidents"]),
        ("zero tickets", ["0 incidents"]),
        ("a 10-pack", ["10 incidents"]),
        ("unser 5er-Paket", ["5 incidents"]),
        ("twenty-one days", ["21 days"]),
        ("seit dreiundzwanzig Tagen", ["23 days"]),
        ("zwoelf Lizenzen", ["12 licenses"]),
        ("nach dreitägiger Wartezeit", ["3 days"]),
        ("2-3 Wochen", ["2 weeks", "3 weeks"]),
        ("48h", ["48 hours"]),
        ("1.5 hours", ["1.5 hours"]),
        ("1,5 Stunden", ["1.5 hours"]),
        ("a week ago", ["1 weeks"]),
        ("seit einer Woche", ["1 weeks"]),
        ("only one incident left", ["1 incidents"]),
        ("nur noch einen Incident", ["1 incidents"]),
    ],
)
def test_a_number_is_read_with_its_unit(read, text, meant):
    assert read(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "an incident is open",
        "eine Anfrage öffnen",
        "SQL Server 2019 licences",
        "error 0x80070005",
        "error 500.",
        "AADSTS50020 since Monday",
        "call +49 89 1234567",
        "step 3",
        "the second request",
        "5 March 2024",
        "one of our customers",
        "24/7",
    ],
)
def test_what_counts_nothing_is_no_quantity(read, text):
    assert read(text) == []


def test_a_number_in_the_name_of_a_product_counts_nothing(read):
    text = "Windows 10 users"
    assert read(text, names=[(0, 10)]) == []


def test_a_quantity_knows_its_place(content):
    text = "There are fifteen cases."
    (quantity,) = QuantityReader(content).read(text)
    assert text[quantity.start : quantity.end] == "fifteen"


def test_the_domain_lists_the_units(content):
    with open("domain.yml", encoding="utf-8") as file:
        entities = yaml.safe_load(file)["entities"]
    (number,) = [entity["number"] for entity in entities if "number" in entity]
    assert number["roles"] == list(content.units)
