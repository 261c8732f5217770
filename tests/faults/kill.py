# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the real assayctl while it invites, again and again, at moments drawn by lot, and lets the sandbox's own
ledger judge: nobody may have been invited twice, and nothing may have been lost in silence.

    kill.py ASSAYCTL ASSAY_SANDBOX [NUMBER]

The number, or ASSAY_KILLS, says how often (60), ASSAY_SEED which lots are drawn (by chance; it is printed).
"""

import collections
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ctl"))

import harness  # noqa: E402

# How long the provider thinks about each invitation: most moments of a run are then moments on the wire.
THINKING = 0.05
# One in so many runs of the outbox is killed as well.
SECOND_KILLS = 3


class Failure(Exception):
    pass


def check(condition, sentence):
    if not condition:
        raise Failure(sentence)


class Kills:
    def __init__(self, number, seed):
        self.number = number
        self.lots = random.Random(seed)
        # A provider that would take a second invitation: nobody but Assay prevents it.
        self.sandbox = harness.Sandbox("--jobs", "30", "--applications", str(max(300, 4 * number)),
                                       "--accept-duplicates")
        self.home = harness.Home()
        self.killed = 0
        self.outlived = 0

    def close(self):
        self.sandbox.stop()
        self.home.remove()

    def ctl(self, *words, stdin=b""):
        outcome = self.home.run("--json", *words, stdin=stdin)
        check(outcome.status == 0, f"assayctl {' '.join(words)}: {outcome}")
        return outcome.json

    def connect(self):
        for kind in ("pinpoint", "testtrick"):
            words = ["connection", "add", kind, "--set", f"base-url={self.sandbox.base_url(kind)}"]
            if kind == "pinpoint":
                words += ["--set", "subdomain=sandbox"]
            connection = self.ctl(*words, "--secret", "api-key", stdin=self.sandbox.key(kind).encode() + b"\n")
            self.ctl("connection", "enable", connection["id"])
        self.ctl("sync")
        self.assessment = self.ctl("assessment", "list")[0]["id"]
        # One application of each address, of a job that is open, so that each intent is one of its own.
        people = {}
        for job in self.ctl("job", "list"):
            for person in self.ctl("application", "list", "--job", job["id"], "--limit", "1000"):
                if person["email"]:
                    people.setdefault(person["email"].lower(), person)
        self.people = list(people.values())

    def kill_within(self, seconds, *words):
        """Runs assayctl and kills it at a moment within that time, unless it ends before."""
        moment = self.lots.uniform(0, seconds)
        process = self.home.start("--json", *words)
        try:
            process.wait(moment)
            self.outlived += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            self.killed += 1
        process.communicate(timeout=harness.PATIENCE)

    def measure(self):
        """How long an undisturbed invitation takes here at best: later the machine may have less to do."""
        times = []
        for _ in range(5):
            start = time.monotonic()
            self.ctl("invite", self.people.pop()["id"], "--assessment", self.assessment)
            times.append(time.monotonic() - start)
        return min(times)

    def run(self):
        self.connect()
        self.sandbox.ask("POST", "/faults", {"operation": "send_test", "kind": f"delay:{THINKING}", "seconds": 86400})
        whole = self.measure()
        check(len(self.people) >= self.number, f"Only {len(self.people)} people can be invited.")
        intents = self.people[:self.number]

        for number, person in enumerate(intents):
            self.kill_within(1.1 * whole, "invite", person["id"], "--assessment", self.assessment)
            if number % SECOND_KILLS == 0:
                self.kill_within(whole, "outbox", "run")
            self.home.run("--json", "outbox", "run")
        self.ctl("outbox", "run")
        self.judge(intents)
        print(f"# {self.killed} killed, {self.outlived} were faster; an invitation takes {whole * 1000:.0f} ms")
        check(self.killed >= self.number / 4, "Too few were killed for this to mean anything.")

    def judge(self, intents):
        effects = collections.Counter()
        for entry in self.sandbox.ask("GET", "/ledger")["invitations"]:
            effects[entry["email"].lower()] += entry["count"]
        waiting = {row["invitation"]: row for row in self.ctl("outbox", "list")}
        invitations = {}
        for invitation in self.ctl("invitation", "list", "--limit", "100000"):
            check(invitation["application"] not in invitations, f"Two invitations of {invitation['application']}.")
            invitations[invitation["application"]] = invitation

        twice = {email: count for email, count in effects.items() if count > 1}
        check(not twice, f"Invited twice: {twice}")

        ends = collections.Counter()
        for person in intents:
            arrived = effects[person["email"].lower()]
            invitation = invitations.get(person["id"])
            if invitation is None:
                # Killed before it was queued: nobody was told that it would leave, and it didn't.
                ends["not queued"] += 1
                check(arrived == 0, f"{person['email']} was invited, and nothing here knows of it.")
                continue
            status = invitation["status"]
            ends[status] += 1
            row = waiting.get(invitation["id"])
            if status == "pending":
                check(arrived == 1, f"{person['email']} counts as invited, and isn't.")
                check(row is None, f"The invitation of {person['email']} is done and still in the outbox.")
            elif status == "unsure":
                # It may have arrived or not; it is shown, with what is known.
                check(row is not None and row["state"] == "unsure" and row["evidence"],
                      f"The unsure invitation of {person['email']} isn't shown: {row}")
                check(row["attempts"] == 1, f"The unsure invitation of {person['email']} was tried again: {row}")
            else:
                check(status == "queued" and row is not None and row["state"] == "queued" and arrived == 0,
                      f"The invitation of {person['email']} ended as {status}: {row}")
        print("# " + ", ".join(f"{count} {end}" for end, count in sorted(ends.items())))
        # The provider was well all the time: what was queued has left.
        check(ends["queued"] == 0, "Something is queued that could have left.")
        check(sum(ends.values()) == len(intents), "Some are not accounted for.")


def main():
    harness.ASSAYCTL, harness.ASSAY_SANDBOX = sys.argv[1:3]
    seed = int(os.environ.get("ASSAY_SEED", random.SystemRandom().randrange(1_000_000)))
    number = int(os.environ.get("ASSAY_KILLS", sys.argv[3] if len(sys.argv) > 3 else 60))
    print(f"# {number} kills with ASSAY_SEED={seed}", flush=True)
    kills = Kills(number, seed)
    try:
        kills.run()
    except Failure as failure:
        print(f"FAILED with ASSAY_SEED={seed}: {failure}")
        return 1
    finally:
        kills.close()
    print("Nobody was invited twice, and nothing is lost.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
