"""Networks as plain modules, independent of the rest of the program."""

import os

os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"  # keep libraries from unpickling weights
