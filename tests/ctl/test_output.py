# SPDX-License-Identifier: GPL-3.0-or-later
"""What is printed: one JSON document, aligned tables, no secret, nothing that acts on a terminal."""

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import termios
import unicodedata

import harness


def width(text):
    """The columns that a terminal gives to the text."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Output(harness.CtlTestCase):

    def test_one_document(self):
        """Each command prints one JSON document and a line's end, nothing else."""
        self.connect()
        person = self.candidate(email="one-document@example.com")["id"]
        invitation = self.ctl("invite", person, "--assessment", self.assessment)["id"]
        for words in (
            ["connection", "kinds"], ["connection", "list"], ["connection", "show", self.pinpoint],
            ["connection", "test", self.pinpoint], ["connection", "test", self.testtrick],
            ["connection", "enable", self.pinpoint], ["connection", "disable", self.pinpoint],
            ["connection", "set", self.pinpoint, "--name", "x"], ["connection", "enable", self.pinpoint],
            ["sync"], ["sync", self.pinpoint, "--full"],
            ["job", "list"], ["application", "list"], ["application", "show", person],
            ["assessment", "list"], ["assessment", "list", "--refresh"],
            ["invitation", "list"], ["invitation", "show", invitation], ["invitation", "refresh", invitation],
            ["invitation", "refresh", invitation, invitation],
            ["outbox", "list"], ["outbox", "run"],
            ["connection", "remove", self.pinpoint, "--erase"],
        ):
            with self.subTest(words=words):
                outcome = self.home.run(*words, "--json")
                self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
                self.assertTrue(outcome.out.endswith("\n"))
                self.assertIsInstance(json.loads(outcome.out), (dict, list))

    def test_for_people(self):
        """The same without --json: something readable, and no error."""
        self.connect()
        person = self.candidate(email="for-people@example.com")["id"]
        for words in (
            ["connection", "kinds"], ["connection", "list"], ["connection", "show", self.pinpoint],
            ["connection", "test", self.pinpoint], ["sync"], ["job", "list"], ["application", "list"],
            ["application", "show", person], ["assessment", "list"],
            ["invite", person, "--assessment", self.assessment, "--dry-run"],
            ["invite", person, "--assessment", self.assessment], ["application", "show", person],
            ["invitation", "list"], ["invitation", "show", "i1"], ["invitation", "refresh", "i1"],
            ["outbox", "list"], ["outbox", "run"], ["connection", "remove", self.pinpoint],
        ):
            with self.subTest(words=words):
                outcome = self.home.run(*words)
                self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
                self.assertTrue(outcome.out.strip())
                self.assertNotIn("(null)", outcome.out)

    def test_help(self):
        everything = self.home.run("--help")
        self.assertEqual((everything.status, everything.err), (0, ""))
        commands = re.findall(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", everything.out, re.MULTILINE)
        self.assertIn("connection add", commands)
        self.assertIn("invite", commands)
        for command in commands:
            with self.subTest(command=command):
                outcome = self.home.run(*command.split(), "--help")
                self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
                self.assertIn(f"assayctl {command}", outcome.out)
        self.assertEqual(self.home.run("nonsense", "--help").status, 2)
        self.assertRegex(self.home.run("--version").out, r"^assayctl \d+\.\d+\.\d+\n$")

    def test_aligned(self):
        self.connect()
        names = [("小林", "さくら"), ("Søren", "Ångström"), ("Zoe\u0308", "Ng"), ("김", "서연"), ("Al", "Ma"),
                 ("Maximiliane-Charlotte", "von Hohenstaufen-Lützelburg")]
        for n, (first, last) in enumerate(names):
            self.sandbox.arrive(first_name=first, last_name=last, email=f"aligned{n}@example.com")
        self.ctl("sync")
        lines = self.home.run("application", "list", "--search", "aligned").out.splitlines()
        self.assertEqual(len(lines), len(names) + 1)

        # The addresses all begin in the same column.
        columns = {width(line[:line.index("aligned")]) for line in lines[1:]}
        self.assertEqual(len(columns), 1, lines)
        self.assertEqual(width(lines[0][:lines[0].index("Email")]), columns.pop())

    def test_hostile_text(self):
        """A name can't move the cursor, hide itself or forge a line."""
        self.connect()
        self.sandbox.arrive(first_name="\x1b[31mRed\x1b]0;title\x07", last_name="a\nb\u009b31m\u202egnirts\x7f",
                            email="hostile@example.com")
        self.ctl("sync")
        for words in (["application", "list", "--search", "hostile"],
                      ["--json", "application", "list", "--search", "hostile"]):
            out = self.home.run(*words).out
            self.assertIn("Red", out)
            for character in out:
                self.assertTrue(character == "\n" or unicodedata.category(character) not in ("Cc", "Cf"),
                                repr(character))
        found, = self.ctl("application", "list", "--search", "hostile")
        self.assertIn("\u202e", found["last_name"])

    def test_no_secret_anywhere(self):
        first, second = "canary-9f8e7d6c5b4a", "canary-0a1b2c3d4e5f"
        printed = []

        def run(*words, **more):
            outcome = self.home.run(*words, environment={"G_MESSAGES_DEBUG": "all"}, **more)
            printed.append(outcome.out + outcome.err)
            return outcome

        run("--json", "connection", "add", "pinpoint", "--set", f"base-url={self.sandbox.base_url('pinpoint')}",
            "--set", "subdomain=sandbox", "--secret", "api-key", stdin=first.encode() + b"\n")
        run("--json", "connection", "add", "testtrick", "--set", f"base-url={self.sandbox.base_url('testtrick')}",
            "--secret", "api-key", stdin=second.encode() + b"\n")
        for id in ("c1", "c2"):
            for words in (["show"], ["test"], ["enable"]):
                run("connection", *words, id)
                run("--json", "connection", *words, id)
        run("sync")
        run("connection", "list")

        for secret in (first, second):
            self.assertEqual(self.home.files_with(secret), [])
            for text in printed:
                self.assertNotIn(secret, text)

    def test_secrets_in_the_order_given(self):
        """One line for each --secret; the keys reach the vendors they belong to."""
        id = self.add("testtrick", key="wrong")
        self.refused(3, "unauthorized", "connection", "enable", id)
        self.ctl("connection", "set", id, "--secret", "api-key",
                 stdin=self.sandbox.key("testtrick").encode() + b"\nnot read\n")
        self.ctl("connection", "enable", id)

    def test_secret_at_the_terminal(self):
        """Typed at a terminal a key isn't shown."""
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        process = subprocess.Popen(
            [harness.ASSAYCTL, "--json", "connection", "add", "pinpoint", "--set", "subdomain=sandbox",
             "--set", f"base-url={self.sandbox.base_url('pinpoint')}", "--secret", "api-key"],
            stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.home.environment_to_keep_keys(), preexec_fn=own_terminal)
        shown = b""
        while b": " not in shown:
            self.assertTrue(select.select([leader], [], [], harness.PATIENCE)[0], "no prompt")
            shown += os.read(leader, 1000)
        self.assertIn(b"API key", shown)
        os.write(leader, harness.PINPOINT_KEY.encode() + b"\n")
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual((process.returncode, err), (0, b""))
        # The terminal shows what it echoes, and it shows again what is typed.
        self.assertTrue(termios.tcgetattr(follower)[3] & termios.ECHO)
        os.set_blocking(leader, False)
        try:
            shown += os.read(leader, 10000)
        except BlockingIOError:
            pass
        os.close(follower)
        self.assertNotIn(harness.PINPOINT_KEY.encode(), shown)
        self.ctl("connection", "enable", json.loads(out)["id"])

    def test_reader_gone(self):
        """`assayctl … | head` ends quietly; a full disk doesn't."""
        process = self.home.start("connection", "kinds")
        process.stdout.close()
        self.assertEqual(process.wait(harness.PATIENCE), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        with open("/dev/full", "wb") as full:
            outcome = subprocess.run([harness.ASSAYCTL, "connection", "kinds"], stdout=full, stderr=subprocess.PIPE,
                                     env=self.home.environment)
        self.assertEqual(outcome.returncode, 1)
        self.assertIn(b"No space left", outcome.stderr)


if __name__ == "__main__":
    harness.main()
