"""Starts the kiosk: ``python main.py`` is ``kiosk run``; ``--help`` lists the commands."""

from kiosk.cli import main

if __name__ == "__main__":
    main()
