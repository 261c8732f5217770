#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How regularly the window paints while a bulk of 10,000 leaves, and while another ATS is read for the first time as well, beside
the same window with nothing to do (goal P8).

Usage: window-bulk.py BENCH_WINDOW_BULK UI_TESTS [PEOPLE [SECONDS]]; to be run inside build-aux/desktop. Prints figures, asserts none.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile


def run(program, *arguments):
    answer = subprocess.run([program, *arguments], stdout=subprocess.PIPE, check=True, timeout=600)
    return json.loads(answer.stdout)


def show(title, figures):
    print(f'{title:<26} {figures["frames"]:.0f} frames, p50 {figures["p50"]:.1f} ms, p99 {figures["p99"]:.1f} ms, '
          f'longest {figures["max"]:.1f} ms; {figures["long"]:.0f} gaps of more than 2 frames; '
          f'main thread {figures["cpu"]:.0%}, between two frames p99 {figures["work_p99"]:.1f} ms, '
          f'most {figures["work_max"]:.1f} ms, {figures["work_long"]:.0f} times more than 2 frames')


def main():
    program, ui_tests = sys.argv[1:3]
    people = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    seconds = sys.argv[4] if len(sys.argv) > 4 else '30'
    sys.path.insert(0, ui_tests)
    from driver import Sandbox
    from story import connect, connect_one, ctl

    # Nearly half of them is archived, or without an address.
    sandbox = Sandbox('--pace', '0', '--quiet', '--applications', str(people * 2), '--rate', '0')
    with tempfile.TemporaryDirectory(prefix='assay-bench-') as folder:
        data = os.path.join(folder, 'data')
        connect(sandbox, data)
        calm = run(program, data, seconds)
        path = os.path.join(folder, 'people.csv')
        applications = ctl(data, 'application', 'list', '--active')[:people]
        with open(path, 'w', encoding='utf-8', newline='') as file:
            csv.writer(file).writerows([['application']] + [[entry['id']] for entry in applications])
        assessment = ctl(data, 'assessment', 'list')[0]
        ctl(data, 'invite', '--from-csv', path, '--assessment', assessment['id'], '--no-wait')
        before = len(sandbox.invitations())
        bulk = run(program, data, seconds, '1')
        sent = len(sandbox.invitations()) - before
        connect_one(sandbox, data, 'lever', 'sandbox-lever-full-access', 'auth=key')
        known = len(ctl(data, 'application', 'list'))
        both = run(program, data, seconds, '1')
        read = len(ctl(data, 'application', 'list')) - known
    sandbox.stop()

    show('with nothing to do', calm)
    show(f'a bulk of {len(applications):,}', bulk)
    show('the same and a first sync', both)
    print(f'P8       gaps of more than 2 frames, bulk and sync / bulk / calm: {both["long"]:.0f} / {bulk["long"]:.0f} / '
          f'{calm["long"]:.0f}  (goal 0); {sent} left meanwhile; with the sync {read} came in')


if __name__ == '__main__':
    main()
