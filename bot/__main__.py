"""python -m bot: the leadbell command."""

import gc

gc.disable()  # nothing that an import leaves behind is garbage, and looking through it takes a fifth of the start
from bot.cli import main  # noqa: E402

gc.enable()

if __name__ == "__main__":
    main()
