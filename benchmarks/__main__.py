"""`make bench` runs these benchmarks, each in its own process so that they do not affect each
other."""

import os
import platform
import subprocess
import sys

import torch

BENCHMARKS = (
    "label", "reading", "coreset", "training_step", "window", "frozen --labels 50 100 200",
    "tuning --labels 50 --seeds 2", "intercepts --labels 20 50 100",
    "selection_scale --only centres weighted-coreset coreset margin", "suggestions --labels 50",
)  # fmt: skip

print(f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}\n", flush=True)
for benchmark in BENCHMARKS:
    subprocess.run([sys.executable, "-m", *f"benchmarks.{benchmark}".split()], check=True)
    print(flush=True)
