"""The programs behind ``make``: serve, train, chat, validate, evaluate."""
