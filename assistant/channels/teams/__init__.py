"""Microsoft Teams: personal chats, group chats and channels, over the Bot Framework's protocol."""
