"""python -m kiosk: the same as main.py and the command ``kiosk``."""

from kiosk.cli import main

if __name__ == "__main__":
    main()
