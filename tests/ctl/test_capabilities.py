# SPDX-License-Identifier: GPL-3.0-or-later
"""What each provider can do, as a kind and set up in each of its ways; and that none is forgotten here."""

import harness

EDITS, PERCENT, NAMED, PARTIAL = "edits-invitee", "reports-percent", "named-scores", "partial-results"
LOOKS_UP, RESENDS, BY_HAND, FLAGS = "can-look-up", "can-resend", "needs-hand-entry", "flags"
LINKS = "needs-hand-delivery"

# A kind, the setting that makes the difference, and what it can then.
WAYS = [
    ("testtrick", {"profile": "partner"}, {EDITS, PERCENT}),
    ("testtrick", {"profile": "plugin"}, {EDITS, PERCENT, BY_HAND}),
    ("testtrick", {"profile": "manual", "assessments": "Java=https://tests.example/j"}, {EDITS, PERCENT, BY_HAND, LINKS}),
    ("partner", {}, {EDITS}),
    ("coderbyte", {"mode": "automations"}, {NAMED, PARTIAL, LOOKS_UP, FLAGS}),
    ("coderbyte", {"mode": "plugin"}, {NAMED, PARTIAL, LOOKS_UP, FLAGS}),
    ("coderbyte", {"skip-send": "yes"}, {NAMED, PARTIAL, LOOKS_UP, FLAGS, LINKS}),
    ("assessfirst", {"profile": "v1"}, {NAMED, PARTIAL, LOOKS_UP}),
    ("assessfirst", {"profile": "v2", "result-path": "candidate/{uuid}/results"}, {NAMED, PARTIAL}),
    ("testgorilla", {}, {EDITS, NAMED, PARTIAL, LOOKS_UP, RESENDS}),
    ("codility", {}, {EDITS, NAMED, LOOKS_UP, FLAGS, LINKS}),
    ("hackerrank", {"send-email": "yes"},
     {EDITS, PERCENT, NAMED, LOOKS_UP, FLAGS, RESENDS, "can-cancel", "can-retake", "deadline"}),
    ("hackerrank", {"send-email": "no"},
     {EDITS, PERCENT, NAMED, LOOKS_UP, FLAGS, LINKS, "can-cancel", "can-retake", "deadline"}),
    ("hackajob", {}, {"imports-candidates"}),
]

ADDRESS = {"base-url": "http://127.0.0.1:9/api"}


class Capabilities(harness.CtlTestCase):

    sandbox_options = ("--jobs", "1", "--applications", "1")

    def test_each_way(self):
        kinds = {kind["id"]: kind for kind in self.ctl("connection", "kinds")}
        self.assertEqual({id for id, kind in kinds.items() if kind["role"] == "provider"}, {way[0] for way in WAYS})
        for kind, settings, expected in WAYS:
            with self.subTest(kind=kind, **settings):
                words = [word for name, value in {**ADDRESS, **settings}.items() for word in ("--set", f"{name}={value}")]
                if settings.get("profile") == "manual" or kind == "hackajob":
                    words = words[2:]
                else:
                    words += ["--secret", kinds[kind]["secrets"][0]["name"]]
                id = self.ctl("connection", "add", kind, "--name", "One", *words, stdin=b"any-key\n")["id"]
                self.assertEqual(set(self.ctl("connection", "show", id)["capabilities"]), expected)


if __name__ == "__main__":
    harness.main()
