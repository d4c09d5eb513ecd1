"""Entry point of `python -m extract`."""

import sys

if __name__ == "__main__":
    # Loading Arrow and the rest takes a second, in which a person may change their mind.
    try:
        from extract.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(main())
