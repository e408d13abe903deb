"""Benchmarks: this assistant beside Rasa's default pipeline on the same data."""
