"""Counts and durations in a text, with their unit: "3 of 5 incidents", "seit zwei Wochen"."""

from assistant.quantities.reader import Quantity, QuantityReader

__all__ = ["Quantity", "QuantityReader"]
