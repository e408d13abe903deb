"""Ways in: each channel cleans what it receives and renders what is sent back."""

from assistant import processor, speedups

speedups.apply()
processor.install()
