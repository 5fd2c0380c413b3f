"""`python -m huifang` is the command `huifang`."""

import sys

from huifang.cli.app import main

sys.exit(main())
