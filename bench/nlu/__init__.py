"""Benchmark of the understanding: this assistant beside other open-source intent recognisers."""
