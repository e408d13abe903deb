"""The library under the assistant: content, guides, language, understanding."""
