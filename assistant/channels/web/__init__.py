"""The website widget: sessions, messages and the files of the widget, from one server."""
