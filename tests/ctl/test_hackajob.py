# SPDX-License-Identifier: GPL-3.0-or-later
"""hackajob's accepted candidates: a file or a hand brings them, and nothing is asked over the network."""

import json
import os
import stat

import harness


class Hackajob(harness.CtlTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.home.path / "in"
        (self.folder / "docs").mkdir(parents=True)
        self.write("docs/ada.pdf", "her cv")
        self.write("docs/ada-profile.pdf", "her profile")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def connect(self, **settings):
        words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        id = self.ctl("connection", "add", "hackajob", *words)["id"]
        self.ctl("connection", "enable", id)
        return id

    def documents(self):
        folder = self.home.data / "documents"
        return sorted(path.name for path in folder.iterdir() if path.name != ".lock") if folder.exists() else []

    def test_kind(self):
        kind = next(k for k in self.ctl("connection", "kinds") if k["id"] == "hackajob")
        self.assertEqual([s["name"] for s in kind["settings"]], ["stages"])
        self.assertEqual(kind["secrets"], [])
        self.assertEqual(kind["capabilities"], ["imports-candidates"])
        self.assertEqual(kind["role"], "provider")

    def test_its_test_checks_the_settings_alone(self):
        id = self.connect()
        report = self.ctl("connection", "test", id)
        self.assertTrue(report["ok"])
        self.assertIn("only the settings were checked", json.dumps(report))
        self.assertEqual(self.ctl("assessment", "list"), [])
        self.assertEqual(self.ctl("connection", "show", id)["settings"]["stages"], "Accepted, Interview, Offer, Hired")
        for settings, says in (({"stages": "A, a"}, "twice"), ({"stages": ","}, "list")):
            words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
            added = self.ctl("connection", "add", "hackajob", *words)["id"]
            self.refused(8, "invalid", "connection", "test", added, says=says)
        self.refused(8, "invalid", "connection", "add", "hackajob", "--set", "base-url=https://hackajob.example",
                     says="base-url")

    def test_a_file(self):
        id = self.connect(stages="Accepted, Interview")
        file = self.write("accepted.csv",
                          "Name;E-mail;Role;Stage;Accepted at;CV;Profile\n"
                          "Ada King Lovelace;ada@example.test;Engineer;interview;2026-11-18;docs/ada.pdf;docs/ada-profile.pdf\n"
                          "Grace Hopper;grace@example.test;Engineer\n"
                          "Grace Hopper;GRACE@example.test;engineer\n")
        dry = self.ctl("candidate", "import", file, "--connection", id, "--dry-run")
        self.assertEqual([e["kind"] for e in dry["entries"]], ["understood", "understood", "twice"])
        self.assertEqual(dry["imported"], 0)
        self.assertEqual(self.ctl("candidate", "list"), [])
        self.assertEqual(self.documents(), [])

        done = self.ctl("candidate", "import", file, "--connection", id)
        self.assertEqual(done["imported"], 2)
        ada = self.ctl("candidate", "show", done["entries"][0]["id"])
        self.assertEqual((ada["first_name"], ada["last_name"], ada["role"], ada["stage"], ada["file"]),
                         ("Ada King", "Lovelace", "Engineer", "Interview", "accepted.csv"))
        self.assertEqual(ada["accepted_at"], "2026-11-18T12:00:00Z")
        self.assertEqual(ada["profile"]["filename"], "ada-profile.pdf")
        with open(ada["cv"]["path"], encoding="utf-8") as copy:
            self.assertEqual(copy.read(), "her cv")
        self.assertEqual(stat.S_IMODE(os.stat(ada["cv"]["path"]).st_mode), 0o600)
        self.assertEqual(len(self.documents()), 2)

        # The same file again adds nobody, and leaves no copy behind.
        again = self.ctl("candidate", "import", file, "--connection", id)
        self.assertEqual((again["imported"], [e["kind"] for e in again["entries"]]), (0, ["known", "known", "known"]))
        self.assertEqual(len(self.ctl("candidate", "list", "--connection", id)), 2)
        self.assertEqual(len(self.documents()), 2)

        # Another connection's list is another list.
        other = self.connect()
        self.assertEqual(self.ctl("candidate", "list", "--connection", other), [])

        # Moved within the connection's own stages, and nowhere else.
        self.assertEqual(self.ctl("candidate", "move", ada["id"], " accepted ")["stage"], "Accepted")
        self.refused(8, "invalid", "candidate", "move", ada["id"], "Hired", says="Hired")
        self.refused(6, "not-found", "candidate", "move", "p99", "Accepted")
        self.assertEqual(self.ctl("candidate", "show", ada["id"])["stage"], "Accepted")

        self.ctl("candidate", "remove", ada["id"])
        self.assertEqual(self.documents(), [])
        self.assertTrue((self.folder / "docs/ada.pdf").exists())
        self.refused(6, "not-found", "candidate", "show", ada["id"])
        self.refused(6, "not-found", "candidate", "remove", ada["id"])

    def test_nothing_is_written_of_a_file_that_is_refused(self):
        id = self.connect()
        outside = self.home.path / "secret.pdf"
        outside.write_text("secret", encoding="utf-8")
        file = self.write("list.json", json.dumps({"candidates": [
            {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.test", "cv": "docs/ada.pdf"},
            {"first_name": "Eve", "last_name": "X", "email": "eve@example.test", "cv": "../secret.pdf"},
            {"first_name": 7},
        ]}))
        error = self.refused(8, "invalid", "candidate", "import", file, "--connection", id, says="2 rows", prints=True)
        self.assertEqual([e["kind"] for e in error["report"]["entries"]], ["understood", "problem", "problem"])
        self.assertIn("isn't in the folder", error["report"]["entries"][1]["message"])
        self.assertEqual(self.ctl("candidate", "list"), [])
        self.assertEqual(self.documents(), [])

        self.assertEqual(self.ctl("candidate", "import", file, "--connection", id, "--skip-problems")["imported"], 1)
        self.assertEqual(len(self.documents()), 1)

        for text in ("", "name,phone\nA B,1\n", "{", "[]", '{"candidates":{}}', "[" * 100000):
            file = self.write("bad", text)
            self.refused(8, "invalid", "candidate", "import", file, "--connection", id)
        self.refused(8, "invalid", "candidate", "import", self.folder / "none.csv", "--connection", id)
        self.refused(2, "usage", "candidate", "import", file)
        self.refused(2, "usage", "candidate", "import", file, "--connection", "p1")
        self.refused(6, "not-found", "candidate", "import", file, "--connection", "c99")
        self.refused(8, "invalid", "candidate", "import", file, "--connection", self.add("testtrick"),
                     says="takes no candidates")

    def test_by_hand_and_erased(self):
        id = self.connect()
        words = ["candidate", "add", "--connection", id, "--first-name", "Emmy", "--last-name", "Noether",
                 "--email", "emmy@example.test"]
        emmy = self.ctl(*words, "--cv", self.folder / "docs/ada.pdf", "--role", "Analyst")
        self.assertIsNone(emmy["file"])
        self.assertEqual(emmy["stage"], "Accepted")
        self.refused(4, "duplicate", *words, "--role", " ANALYST")
        self.ctl(*words)
        self.refused(8, "invalid", *words, "--stage", "Nowhere", says="Nowhere")
        self.refused(8, "invalid", "candidate", "add", "--connection", id, "--email", "x@example.test", says="both needed")
        self.assertEqual(len(self.documents()), 1)
        text = self.home.run("candidate", "list").out
        self.assertIn("entered by hand", text)

        self.ctl("connection", "remove", id, "--erase")
        self.assertEqual(self.documents(), [])
        self.assertEqual(self.ctl("candidate", "list"), [])
        self.assertEqual(self.home.files_with("emmy@example.test"), [])


if __name__ == "__main__":
    harness.main()
