"""The lab's commands: python -m kiosk.lab COMMAND."""

from kiosk.lab.cli import main

if __name__ == "__main__":
    main()
