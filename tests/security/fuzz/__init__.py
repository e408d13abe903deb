"""Fuzzing of every entry point: ``make fuzz``, and a small sample of it among the tests."""
