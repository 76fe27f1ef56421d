"""python -m bot: the leadbell command."""

from bot.cli import main

if __name__ == "__main__":
    main()
