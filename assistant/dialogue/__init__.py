"""What happens in a turn: handlers that take a conversation and a message and give replies.

They know neither Rasa nor HTTP; ``actions/`` connects them to the tracker.
"""
