"""``python -m core.data fetch NAME --to FOLDER``: bring a data set to a folder, from where its authors keep it."""

from __future__ import annotations

import sys

from core.data.fetch.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
