# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue of what is to reach a vendor, while somebody pauses, interrupts, fills the disk or closes the door."""

import json
import os
import resource
import signal
import subprocess

import harness


class Outbox(harness.CtlTestCase):

    def setUp(self):
        super().setUp()
        self.connect()

    def people(self, name, number):
        """So many who have just applied, in the order of their numbers."""
        emails = [f"{name}{n}@example.com" for n in range(number)]
        for n, email in enumerate(emails):
            self.sandbox.arrive(first_name=name, last_name=f"The {n}th", email=email)
        self.ctl("sync")
        found = {person["email"]: person for person in self.ctl("application", "list", "--search", name)}
        return [found[email] for email in emails]

    def sent(self, people):
        return [self.sandbox.sent(person["email"]) for person in people]

    def batch(self, people):
        file = self.home.path / "people.csv"
        file.write_text("application\n" + "".join(f"{person['id']}\n" for person in people))
        return self.ctl("invite", "--from-csv", file, "--assessment", self.assessment, "--no-wait")["id"]

    def limited(self, size, *words):
        """A run that can't make any file larger than that, as on a disk that is full."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        return harness.Outcome(subprocess.run([harness.ASSAYCTL, "--json", *map(str, words)], capture_output=True,
                                              timeout=harness.PATIENCE, env=self.home.environment, preexec_fn=limit))

    def test_what_waits_is_named(self):
        person, = self.people("Named", 1)
        self.ctl("invite", person["id"], "--assessment", self.assessment, "--no-wait")
        self.ctl("application", "tag", person["id"], "Shortlist", "--no-wait")
        invitation, tag = self.ctl("outbox", "list")
        self.assertEqual((invitation["candidate"], tag["candidate"]), (person["full_name"],) * 2)
        self.assertIn("Attention to Detail", invitation["summary"])
        # It may leave at once, which isn't since 1970.
        self.assertEqual(tag["due_at"], tag["created_at"])
        shown = self.home.run("outbox", "list").out
        self.assertIn(person["full_name"], shown)
        self.assertNotIn("1970", shown)

        ran = self.home.run("outbox", "run")
        self.assertEqual((ran.status, ran.err), (0, ""), ran)
        self.assertIn("2 actions are settled.", ran.out)

    def test_pausing_a_run(self):
        """What somebody pauses or gives up while it is sent doesn't leave any more."""
        people = self.people("pause", 4)
        batch = self.batch(people)
        gate = self.gate(self.testtrick, "testtrick")
        process = self.home.start("--json", "outbox", "run")
        gate.until_arrived()
        self.ctl("outbox", "discard", "i3")
        self.ctl("batch", "pause", batch)
        gate.open()
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual([(row["invitation"], row["state"], row["paused"]) for row in json.loads(out)["left"]],
                         [("i2", "queued", True), ("i4", "queued", True)])
        self.ctl("batch", "resume", batch)
        self.ctl("outbox", "run")
        self.assertEqual(self.sent(people), [1, 1, 0, 1])

    def test_one_before_many(self):
        """Somebody's own invitation doesn't wait behind a batch."""
        many = self.people("many", 2)
        own, = self.people("own", 1)
        self.batch(many)
        self.ctl("invite", own["id"], "--assessment", self.assessment, "--no-wait")
        self.ctl("outbox", "run")
        sent = {i["email"]: i["sent_at"] for i in self.ctl("invitation", "list")}
        self.assertEqual(min(sent, key=sent.get), own["email"])

    def test_interrupting_a_run(self):
        """What is on its way is waited for, the report is printed, and the rest leaves another time."""
        people = self.people("interrupt", 3)
        self.batch(people)
        gate = self.gate(self.testtrick, "testtrick")
        process = self.home.start("--json", "outbox", "run")
        gate.until_arrived()
        process.send_signal(signal.SIGINT)
        gate.open()
        out, err = process.communicate(timeout=harness.PATIENCE)
        error = json.loads(err)["error"]
        self.assertEqual((process.returncode, error["code"]), (1, "failed"))
        self.assert_sentence(error["message"])
        report = json.loads(out)
        self.assertEqual(report["done"], sum(self.sent(people)))
        self.assertEqual({row["state"] for row in report["left"]}, {"queued"})
        self.ctl("outbox", "run")
        self.assertEqual(self.sent(people), [1, 1, 1])

    def test_a_marker_leaves_with_its_invitation(self):
        """Nobody else runs the outbox on a machine without a display, and colleagues are to see it at once."""
        self.ctl("connection", "set", self.pinpoint, "--set", "mark-invitations=yes")
        single, *others = self.people("marked", 3)
        self.ctl("invite", single["id"], "--assessment", self.assessment)
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.batch(others)
        self.ctl("outbox", "run")
        for person in (single, *others):
            tags = self.ctl("application", "show", person["id"])["tags"]
            self.assertEqual([tag for tag in tags if tag.startswith("TestTrick-Invitation Sent (")], tags)
            self.assertEqual(len(tags), 1)

    def test_interrupting_a_change(self):
        """The same for what isn't an invitation."""
        person, = self.people("note", 1)
        gate = self.gate(self.pinpoint, "pinpoint")
        process = self.home.start("--json", "application", "note", person["id"], "Wait for me.")
        gate.until_arrived()
        process.send_signal(signal.SIGINT)
        gate.open()
        _, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(self.ctl("outbox", "list"), [])

    def test_disk_full(self):
        """What has left is known, or asked about; what hasn't stays queued; and programs can read what is said."""
        people = self.people("full", 12)
        self.batch(people)
        outcomes = [self.limited(size, "outbox", "run") for size in (0, 4096 * 8, 4096 * 16, 4096 * 24, 4096 * 40)]
        for outcome in outcomes:
            self.assertIn(outcome.status, (1, 7), outcome)
            # One document, without a remark of the library's before it.
            self.assert_sentence(json.loads(outcome.err)["error"]["message"])
        self.assertIn(1, [outcome.status for outcome in outcomes])

        rows = {row["invitation"]: row["state"] for row in self.ctl("outbox", "list")}
        for invitation in self.ctl("invitation", "list"):
            arrived = self.sandbox.sent(invitation["email"])
            state = rows.get(invitation["id"])
            with self.subTest(invitation=invitation["id"], state=state, arrived=arrived):
                if arrived:
                    self.assertIn(state, (None, "sending", "unsure"))
                else:
                    self.assertEqual(state, "queued")
        self.ctl("outbox", "run")
        self.assertEqual(self.sent(people), [1] * len(people))
        for row in self.ctl("outbox", "list"):
            self.assertEqual(row["state"], "unsure")
            self.assert_sentence(row["evidence"])

    def test_a_list_that_is_kept(self):
        """Without room for its people a list is kept as a whole, said to be, and goes on once there is some."""
        people = self.people("kept", 12)
        file = self.home.path / "people.csv"
        file.write_text("application\n" + "".join(f"{person['id']}\n" for person in people))
        for size in range(4096 * 4, 4096 * 100, 4096 * 2):
            outcome = self.limited(size, "invite", "--from-csv", file, "--assessment", self.assessment)
            batches = self.ctl("batch", "list")
            if batches:
                break
            self.assertEqual((outcome.status, outcome.out), (1, ""), outcome)
        self.assertEqual((outcome.status, batches[0]["total"], batches[0]["preparing"]), (1, 12, 12), outcome)
        self.assertIn(batches[0]["id"], outcome.error["message"])
        self.assertIn("12 people of batch", self.home.run("outbox", "list").out)
        self.ctl("outbox", "run")
        self.assertEqual(self.sent(people), [1] * 12)

    def test_not_enabled(self):
        person, = self.people("disabled", 1)
        self.ctl("invite", person["id"], "--assessment", self.assessment, "--no-wait")
        self.ctl("connection", "disable", self.testtrick)
        error = self.refused(5, "unavailable", "outbox", "run", prints=True, says="stays queued")
        self.assertEqual(error["message"].count("queued"), 1)

    def test_closed_standard_output(self):
        """Nothing that is opened later takes its place."""
        person, = self.people("closed", 1)
        words = [harness.ASSAYCTL, "--json", "invite", person["id"], "--assessment", self.assessment]
        process = subprocess.run(words, stderr=subprocess.PIPE, timeout=harness.PATIENCE, env=self.home.environment,
                                 preexec_fn=lambda: os.close(1))
        self.assertEqual(process.returncode, 1)
        self.assertIn("Bad file descriptor", json.loads(process.stderr)["error"]["message"])
        self.assertEqual(self.home.files_with("\"application\":"), [])
        self.assertEqual(self.sent([person]), [1])


if __name__ == "__main__":
    harness.main()
