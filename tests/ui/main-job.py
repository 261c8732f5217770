#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the main job through the real window, on the built-in sandbox, and prints each step with its outcome.

To be run by build-aux/run, inside build-aux/desktop. Leaves a picture of the finished card.
"""

import argparse
import sys
import time

from driver import App, Missing
from story import everybody


class Steps:
    def __init__(self):
        self.begun = time.monotonic()
        self.count = 0

    def __call__(self, step, outcome):
        self.count += 1
        print(f'{self.count:2}. {step:<34} {outcome}  ({time.monotonic() - self.begun:.1f} s)', flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('--screenshot', metavar='FILE', help='where to leave the picture')
    arguments.add_argument('--search', default='okafor', help='whom to look for')
    arguments.add_argument('--assessment', default='backend', help='what to send')
    options = arguments.parse_args()

    step = Steps()
    app = App('--sandbox')
    try:
        window = app.window('Assay')
        step('Start Assay on its sandbox', 'the window is there')

        window.find(role='list item', timeout=60)
        window.find(role='status bar', contains='Up to ', timeout=60)
        step('Sync jobs and candidates', window.find(role='status bar', contains=' candidates').text)

        app.press('Control+f')
        window.find(role='entry', name='Search Candidates').await_focus()
        app.type_keys(options.search)
        # The list is the answer when everybody in it is.
        person = window.find(role='list', name='Candidates', matches=everybody(options.search)).find(role='list item')
        step(f'Search for “{options.search}”', person.name)

        name = person.name.split(',')[0]
        app.point(person)
        window.find(role='heading', name=name)
        step('Open the first of them', name)

        window.find(role='push button', name='Send Assessment').click()
        dialog = app.window('Send Assessment')
        step('Open the send dialog', dialog.find(role='label', name=name).text)

        dialog.find(role='push button', name='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        app.type_keys(options.assessment)
        found = dialog.find(role='list', name='Assessments', matches=everybody(options.assessment))
        chosen = found.find(role='list item').name
        app.press('Return')
        outcome = dialog.find(role='status bar', contains='10 seconds')
        step('Choose the assessment', outcome.text)
        dialog.find(role='push button', name='Send').click()
        window.find(role='push button', name='Undo')
        step('Send', 'ten seconds to undo it')

        for status in ('Pending', 'In progress', 'Completed'):
            card = window.find(role='panel', contains=f', {status}', timeout=180)
            step(f'Watch the card: {status}', card.name)

        window.find(role='push button', contains='View Candidate Report').click()
        address = app.await_opened()
        step('View Candidate Report', f'the browser is asked for {address}')

        if options.screenshot:
            app.screenshot(options.screenshot, window.name)
            step('Take a picture', options.screenshot)
        return 0
    except Missing as missing:
        print(f'It stopped here: {missing}', file=sys.stderr)
        if options.screenshot:
            app.screenshot(options.screenshot)
        return 1
    finally:
        app.stop()


if __name__ == '__main__':
    sys.exit(main())
