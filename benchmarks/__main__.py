"""`python -m benchmarks`: everything that runs without data from elsewhere, one after the other."""

import subprocess
import sys

PARTS = (
    "benchmarks.store",
    "benchmarks.postgres",
    "benchmarks.turns",
    "benchmarks.flows",
    "benchmarks.growth",
    "benchmarks.crowd",
    "benchmarks.night",
    "benchmarks.moving",
    "benchmarks.mydata",
    "benchmarks.soak",
    "benchmarks.start",
    "benchmarks.restart",
    "benchmarks.ranking",
)

for part in PARTS:
    print(f"\n== {part}", flush=True)
    subprocess.run([sys.executable, "-m", part], check=True)
