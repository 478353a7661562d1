"""Networks as plain modules. Nothing here knows of projects, labels or windows."""

import os

os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"  # no library unpickles weights for us
