"""The admin panel: a folder a page, and the widgets that all pages are made of."""
