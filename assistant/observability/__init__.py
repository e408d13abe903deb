"""What operators see of the assistant: metrics for Prometheus, and a log with a line for each turn.

Neither holds what somebody wrote, nor who it was; see docs/metrics.md.
"""
