#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares Assay's window with a bare one, and a full store with a small one, in the same run (goals P1, P2, P4).

Usage: window.py BENCH_WINDOW FILL_STORE [ROWS]; to be run inside build-aux/desktop. Prints ratios, asserts none.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 9
SMALL = 100


def run(program, *arguments):
    environment = dict(os.environ, BENCH_BEGAN_AT=str(time.monotonic_ns() // 1000))
    answer = subprocess.run([program, *arguments], env=environment, stdout=subprocess.PIPE, check=True, timeout=120)
    return json.loads(answer.stdout)


def median(runs, member):
    return statistics.median(entry[member] for entry in runs)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def main():
    program, fill_store = sys.argv[1:3]
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000

    with tempfile.TemporaryDirectory(prefix='assay-bench-') as folder:
        stores = {}
        for number in (SMALL, rows):
            stores[number] = os.path.join(folder, str(number))
            subprocess.run([fill_store, stores[number], str(number)], check=True)

        bare, small, full = [], [], []
        run(program, 'bare')
        for _ in range(RUNS):
            # Side by side, so that what else the machine does hits all of them.
            bare.append(run(program, 'bare'))
            small.append(run(program, 'assay', stores[SMALL]))
            full.append(run(program, 'assay', stores[rows]))

    floor = median(bare, 'filled')
    print(f'start    bare window {floor:.0f} ms; Assay with {rows:,} rows filled after {median(full, "filled"):.0f} ms')
    print(f'P1       start to filled list / bare window: {median(full, "filled") / floor:.2f}  (goal 1.25)')
    print(f'P1       the same in processor time: {median(full, "cpu"):.0f} / {median(bare, "cpu"):.0f} ms = '
          f'{median(full, "cpu") / median(bare, "cpu"):.2f}')
    print(f'P1       memory over the bare window: {(median(full, "pss") - median(bare, "pss")) / 1024:.1f} MiB once all is '
          f'made, {(median(full, "pss_filled") - median(bare, "pss_filled")) / 1024:.1f} MiB in the first frame  (goal 16)')
    print(f'P2       first filled frame, {rows:,} rows / {SMALL} rows: '
          f'{median(full, "filled") / median(small, "filled"):.2f}  (goal 1.1)')
    print(f'P2       resident bytes a row: {(median(full, "pss") - median(small, "pss")) * 1024 / (rows - SMALL):.1f}'
          f', after jumping about: '
          f'{(median(full, "pss_after_jumps") - median(small, "pss_after_jumps")) * 1024 / (rows - SMALL):.1f}  (goal 16)')
    for member, title in (('jumps', 'jump to filled rows'), ('searches', 'keystroke to filled rows')):
        of_small = [value for entry in small for value in entry[member]]
        of_full = [value for entry in full for value in entry[member]]
        print(f'P3/P4    {title}: p50 {percentile(of_full, .5):.1f} ms, p99 {percentile(of_full, .99):.1f} ms; '
              f'p95 / that of {SMALL} rows: {percentile(of_full, .95) / percentile(of_small, .95):.2f}')


if __name__ == '__main__':
    main()
