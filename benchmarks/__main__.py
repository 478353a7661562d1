"""`make bench` runs every benchmark."""

import os
import platform

import torch

from benchmarks import coreset, label, reading, training_step, window

print(f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}\n")
for benchmark in (label, reading, coreset, training_step, window):
    benchmark.main()
    print()
