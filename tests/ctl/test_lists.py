# SPDX-License-Identifier: GPL-3.0-or-later
"""Inviting whom a file names: what was understood and what wasn't, line by line, and all of it one batch."""

import json
import os
import pty
import signal
import subprocess

import harness


class Lists(harness.CtlTestCase):

    def setUp(self):
        super().setUp()
        self.connect()
        self.file = self.home.path / "people.csv"

    def people(self, name, number):
        emails = [f"{name}{n}@example.com" for n in range(number)]
        for email in emails:
            self.sandbox.arrive(first_name=name, last_name="Listed", email=email)
        self.ctl("sync")
        found = {person["email"]: person for person in self.ctl("application", "list", "--search", name)}
        return [found[email] for email in emails]

    def invite(self, content, *words):
        self.file.write_text(content)
        return ["invite", "--from-csv", self.file, "--assessment", self.assessment, *words]

    def test_a_list_even_of_one(self):
        """A program needn't ask how many there were: several results, or one, or one that failed."""
        one, = self.people("single", 1)
        content = f"email\n{one['email']}\n"
        previewed, = self.ctl(*self.invite(content, "--dry-run"))
        self.assertEqual((previewed["application"], previewed["line"], previewed["row"], previewed["error"]),
                         (one["id"], 2, one["email"], None))
        self.assertEqual(self.sandbox.sent(one["email"]), 0)
        sent, = self.ctl(*self.invite(content))
        self.assertEqual((sent["application"], sent["status"], sent["line"]), (one["id"], "pending", 2))
        for words in ([], ["--dry-run"]):
            error = self.refused(4, "duplicate", *self.invite(content, *words), prints=True)
            result, = error["report"]
            self.assertEqual((result["application"], result["error"]["invitation"]), (one["id"], sent["id"]))
        self.assertEqual(self.sandbox.sent(one["email"]), 1)

    def test_lines(self):
        """Each result says where the file names the person, and where once more."""
        first, second = self.people("lines", 2)
        content = (f"email|note\n{first['email']}|x\n{second['email']}|\"on\ntwo lines\"\n{first['email'].upper()}|y\n"
                   f"mailto:{first['email']}|z\n")
        results = self.ctl(*self.invite(content, "--dry-run"))
        self.assertEqual([(r["application"], r["line"], r["repeated_on_lines"]) for r in results],
                         [(first["id"], 2, [5, 6]), (second["id"], 3, [])])
        shown = self.home.run(*self.invite(content, "--dry-run"))
        self.assertEqual(shown.status, 0, shown)
        self.assertIn("2, 5, 6", shown.out)

        # Rows that can't be used are told apart by their lines too, whichever way they are left out.
        content = f"email,note\nbad,\n,nobody\n{first['email']},\nnobody@example.com,\n"
        wrong = [(2, "bad", "invalid"), (3, None, "invalid"), (5, "nobody@example.com", "not-found")]
        for words in (["--dry-run"], []):
            error = self.refused(8, "invalid", *self.invite(content, "--skip-problems", *words), prints=True)
            self.assertEqual([(r["line"], r["row"], (r["error"] or {}).get("code")) for r in error["report"]],
                             wrong + [(4, first["email"], None)])
        batch = self.ctl(*self.invite(f"email\n{second['email']}\nbad\n", "--skip-problems", "--no-wait"))
        self.assertEqual((batch["waiting"], [(p["line"], p["row"], p["error"]["code"]) for p in batch["problems"]]),
                         (1, [(3, "bad", "invalid")]))
        shown = self.home.run(*self.invite(f"email\n{second['email']}\nbad\n", "--skip-problems", "--no-wait"))
        self.assertIn("Line 3: “bad” is not an e-mail address.", shown.out)
        # Nobody is left: that is told row by row, and no batch comes of it.
        batches = len(self.ctl("batch", "list"))
        self.refused(8, "invalid", *self.invite("email\nbad\n", "--skip-problems"), prints=True)
        self.refused(8, "invalid", *self.invite("email\nbad\n", "--skip-problems", "--no-wait"), prints=True)
        self.assertEqual(len(self.ctl("batch", "list")), batches)

    def test_one_person_twice(self):
        """Two applications of one person are one invitation, and the preview says so."""
        for _ in range(2):
            self.sandbox.arrive(first_name="Dora", last_name="Double", email="dora@example.com")
        self.ctl("sync")
        found = [a["id"] for a in self.ctl("application", "list", "--search", "dora")]
        self.assertEqual(len(found), 2)
        content = "application\n" + "".join(f"{id}\n" for id in found)
        for words in (self.invite(content, "--dry-run"), ["invite", *found, "--assessment", self.assessment, "--dry-run"],
                      self.invite(content)):
            error = self.refused(4, "duplicate", *words, prints=True)
            self.assertEqual([(r["application"], r["error"] is None) for r in error["report"]],
                             [(found[1], False), (found[0], True)])
        self.assertEqual(self.sandbox.sent("dora@example.com"), 1)

    def test_a_preview_shows_what_would_leave(self):
        person, = self.people("Preview", 1)
        words = ["invite", person["id"], "--assessment", self.assessment, "--dry-run", "--first-name", "Zoe",
                 "--email", "zoe@example.com"]
        shown = self.home.run(*words)
        self.assertIn("Zoe Listed", shown.out)
        self.assertIn("zoe@example.com", shown.out)
        # The same members for everybody, whoever they are.
        error = self.refused(6, "not-found", "invite", person["id"], "a999999", "--assessment", self.assessment,
                             "--dry-run", prints=True)
        self.assertEqual(len({tuple(sorted(result)) for result in error["report"]}), 1)

    def test_files(self):
        """What can't be read is said in words about the file."""
        invite = ["--assessment", self.assessment, "--dry-run", "--from-csv"]
        empty = self.home.path / "empty.csv"
        empty.touch()
        for path, says in ((self.home.path / "none.csv", "There is no file"), (self.home.path, "is a folder"),
                           (empty, "is empty"), ("/dev/zero", "too large")):
            with self.subTest(path=path):
                error = self.refused(8, "invalid", "invite", *invite, path, says=says)
                self.assertNotIn("Error", error["message"])
        person, = self.people("stdin", 1)
        result, = self.ctl("invite", *invite, "-", stdin=f"email\n{person['email']}\n".encode())
        self.assertEqual(result["application"], person["id"])
        self.refused(2, "usage", "invite", person["id"], "--assessment", self.assessment, "--skip-problems")

    def test_one_batch(self):
        """Whether one waits for it or not; so an interrupt, or a person, can deal with all that is left at once."""
        people = self.people("whole", 4)
        content = "email\n" + "".join(f"{person['email']}\n" for person in people)
        gate = self.gate(self.testtrick, "testtrick")
        process = self.home.start("--json", *self.invite(content))
        gate.until_arrived()
        batch, = self.ctl("batch", "list")
        self.assertEqual((batch["title"], batch["total"], batch["active"]), ("people.csv", 4, True))
        self.ctl("batch", "pause", batch["id"])
        gate.open()
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual((process.returncode, json.loads(err)["error"]["code"]), (1, "failed"))
        self.assertIn(batch["id"], json.loads(err)["error"]["message"])
        self.assertEqual([(r["status"], r["error"] is None) for r in json.loads(out)],
                         [("queued", False)] * 3 + [("pending", True)])

        self.ctl("batch", "resume", batch["id"])
        self.ctl("outbox", "run")
        self.assertEqual([self.sandbox.sent(person["email"]) for person in people], [1, 1, 1, 1])
        self.assertEqual(self.ctl("batch", "show", batch["id"])["sent"], 4)

    def test_interrupting_at_any_moment(self):
        """Whenever it comes: either nothing was begun, or it is said where the list is."""
        people = self.people("moment", 10)
        content = "email\n" + "".join(f"{person['email']}\n" for person in people)
        for moment in range(8):
            batches = len(self.ctl("batch", "list"))
            process = self.home.start("--json", *self.invite(content, "--no-wait"))
            # Moments on the way, not a time that something takes: any outcome of any of them must be right.
            try:
                process.wait(moment * 0.004)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=harness.PATIENCE)
            known = self.ctl("batch", "list")
            with self.subTest(moment=moment, status=process.returncode, out=out, err=err):
                if len(known) == batches:
                    self.assertEqual(out, b"")
                else:
                    self.assertIn(known[0]["id"], out.decode() + err.decode())
                    self.ctl("batch", "cancel", known[0]["id"])
        self.ctl("outbox", "run")
        self.assertEqual(sum(self.sandbox.sent(person["email"]) for person in people), 0)

    def test_what_stands_in_everybodys_way(self):
        """It is said once, and no batch comes of it."""
        people = self.people("nobody", 2)
        content = "email\n" + "".join(f"{person['email']}\n" for person in people)
        self.ctl("connection", "disable", self.testtrick)
        for words in ([], ["--no-wait"]):
            self.refused(8, "invalid", *self.invite(content, *words), says="not enabled")
        self.assertEqual((self.ctl("batch", "list"), self.ctl("outbox", "list")), ([], []))

    def test_progress(self):
        """On a terminal one sees how far it is; what is left there in the end is the result."""
        people = self.people("progress", 3)
        words = self.invite("email\n" + "".join(f"{person['email']}\n" for person in people))
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)
        process = subprocess.run([harness.ASSAYCTL, *map(str, words)], stdout=subprocess.PIPE, stderr=follower,
                                 timeout=harness.PATIENCE, env=self.home.environment)
        os.close(follower)
        self.assertEqual(process.returncode, 0)
        shown = os.read(leader, 10000).decode()
        self.assertIn("1 of 3", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown))
        self.assertNotIn("of 3", process.stdout.decode())


class Retake(harness.CtlTestCase):

    def test_how_to_invite_again(self):
        """Where the provider lets the same person in once more, the refusal says how."""
        self.pinpoint, provider = self.add("pinpoint"), self.add("hackerrank")
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", provider)
        self.ctl("sync")
        assessment = self.ctl("assessment", "list")[0]["id"]
        person = self.candidate(email="retake@example.com")
        invite = ["invite", person["id"], "--assessment", assessment]
        first = self.ctl(*invite)
        self.assertNotIn("--again", self.refused(4, "duplicate", *invite)["message"])
        self.ctl("invitation", "cancel", first["id"])
        for words in ([], ["--dry-run"]):
            error = self.refused(4, "duplicate", *invite, *words, says="--again")
            self.assertEqual(error["invitation"], first["id"])
        self.assertNotEqual(self.ctl(*invite, "--again")["id"], first["id"])


if __name__ == "__main__":
    harness.main()
