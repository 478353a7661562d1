"""`make bench` runs every benchmark."""

import os
import platform

import torch

from benchmarks import coreset, label, training_step

print(f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}\n")
for benchmark in (label, coreset, training_step):
    benchmark.main()
    print()
