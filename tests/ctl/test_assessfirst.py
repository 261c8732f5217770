# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with AssessFirst: version 2 with its settings, version 1 with its look-up, and a token that stays secret."""

import hashlib
import json

import harness


class Assessfirst(harness.CtlTestCase):

    MODEL = "Web designer"
    NO_MODEL = "Don't use a predictive model"

    def setUp(self):
        super().setUp()
        self.sandbox.ask("DELETE", "/ledger")

    def tearDown(self):
        self.assertEqual(self.sandbox.ask("GET", "/ledger")["incidents"], [])

    def connect(self, profile="v2", **settings):
        self.pinpoint = self.add("pinpoint")
        if profile == "v1":
            settings["base-url"] = self.sandbox.base_url("assessfirst").removesuffix("/v2")
        self.assessfirst = self.add("assessfirst", profile=profile, **settings)
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", self.assessfirst)
        self.ctl("sync")
        self.assessments = {a["name"]: a["id"] for a in self.ctl("assessment", "list")}

    def connect_fully(self):
        """Version 2, with what the sandbox would have been told by AssessFirst's support."""
        settings = self.sandbox.connections["assessfirst"]["settings"]
        self.connect(**{name: settings[name] for name in ("result-path", "field-map")})

    def requests(self, operation):
        traffic = self.sandbox.ask("GET", "/ledger")["traffic"]
        return traffic.get("assessfirst", {}).get("requests", {}).get(operation, 0)

    def set_status(self, email, status, score=0):
        id = next(i["id"] for i in self.sandbox.ask("GET", "/invitations") if i["email"] == email)
        self.sandbox.ask("POST", f"/invitations/{id}", {"status": status, "score": score})

    def test_kind(self):
        kind = next(k for k in self.ctl("connection", "kinds") if k["id"] == "assessfirst")
        self.assertEqual({s["name"] for s in kind["settings"]},
                         {"base-url", "profile", "locale", "body", "field-map", "result-path"})
        self.assertEqual([s["name"] for s in kind["secrets"]], ["token"])

    def test_wrongly_set_up(self):
        base = self.sandbox.base_url("assessfirst")
        words = ["connection", "add", "assessfirst", "--name", "x", "--secret", "token"]
        self.refused(8, "invalid", *words, stdin=b"x\n", says="Base address")

        self.refused(3, "unauthorized", "connection", "test", self.add("assessfirst", key="wrong"), says="API licence",
                     prints=True)
        self.refused(8, "invalid", "connection", "test", self.add("assessfirst", profile="v1"), says="profile",
                     prints=True)
        self.refused(8, "invalid", "connection", "test",
                     self.add("assessfirst", **{"base-url": base.removesuffix("/v2")}), says="profile", prints=True)
        self.sandbox.ask("DELETE", "/ledger")
        page = harness.Answering(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n"
                                 b"Connection: close\r\n\r\n<html>")
        self.addCleanup(page.stop)
        self.refused(8, "invalid", "connection", "test", self.add("assessfirst", **{"base-url": page.url}),
                     says="base address", prints=True)
        for name, value, says in (("field-map", "[]", "JSON object"), ("field-map", '{"surname":"x"}', "surname"),
                                  ("field-map", '{"email":7}', "email"), ("result-path", "candidate", "{uuid}"),
                                  ("result-path", "/../{uuid}", "{uuid}")):
            with self.subTest(value=value):
                outcome = self.home.run("--json", "connection", "test", self.add("assessfirst", **{name: value}))
                self.assertEqual(outcome.status, 8, outcome)
                self.assertIn(says, outcome.error["message"])

    def test_version_2(self):
        self.connect_fully()
        self.assertEqual(set(self.assessments),
                         {"Web designer", "Développeur web", "Key account manager", self.NO_MODEL})

        person = self.candidate(email="ada@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessments[self.MODEL])
        self.assertEqual(invitation["status"], "pending")
        self.assertEqual(self.sandbox.sent("ada@example.com"), 1)

        self.set_status("ada@example.com", "in_progress")
        partial = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((partial["status"], [s["name"] for s in partial["scores"]]), ("in-progress", ["SWIPE"]))
        self.assertIsNotNone(partial["score"])

        self.set_status("ada@example.com", "complete", 77)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((done["status"], done["score"]), ("completed", {"value": 77, "max": None, "unit": None}))
        self.assertEqual({s["name"]: s["value"] for s in done["scores"]}, {"SWIPE": 77, "DRIVE": 77, "BRAIN": 77})
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessments[self.MODEL])

    def test_version_2_without_a_result_path(self):
        self.connect()
        person = self.candidate(email="blind@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessments[self.NO_MODEL])
        self.assertEqual(invitation["status"], "pending")
        self.refused(8, "invalid", "invitation", "refresh", invitation["id"], says="path of the result")
        connection = self.ctl("connection", "show", self.assessfirst)
        self.assertEqual((connection["state"], connection["reason"]), ("enabled", None))

        # A person looks there, and enters it.
        entered = self.ctl("invitation", "set-status", invitation["id"], "--status", "in-progress")
        self.assertEqual((entered["status"], entered["history"][-1]["source"]), ("in-progress", "hand"))

        # Once it is known, what was sent before is read too, and nobody enters it any more.
        self.ctl("connection", "set", self.assessfirst, "--set", "result-path=candidate/{uuid}/results")
        self.set_status("blind@example.com", "complete", 60)
        self.refused(8, "invalid", "invitation", "set-status", invitation["id"], "--status", "completed", says="by itself")
        self.assertEqual(self.ctl("invitation", "refresh", invitation["id"])["status"], "completed")

    def test_field_map(self):
        """A refusal names the key; the map mends it."""
        self.connect(**{"field-map": '{"first-name":"given_name","locale":""}'})
        person = self.candidate(email="mapped@example.com")
        error = self.refused(8, "invalid", "invite", person["id"], "--assessment", self.assessments[self.MODEL],
                             says="firstname")
        self.assertEqual(error["vendor_status"], 422)
        self.assertEqual(self.sandbox.sent("mapped@example.com"), 0)
        self.ctl("connection", "set", self.assessfirst, "--set", 'field-map={"first-name":"firstname"}')
        self.ctl("invite", person["id"], "--assessment", self.assessments[self.MODEL])
        self.assertEqual(self.sandbox.sent("mapped@example.com"), 1)

    def test_form(self):
        self.connect(body="form", locale="fr-FR")
        person = self.candidate(first_name="Žofie \"Q\"", last_name="Nová & Co", email="form@example.com")
        self.ctl("invite", person["id"], "--assessment", self.assessments["Développeur web"])
        self.assertEqual(self.sandbox.sent("form@example.com"), 1)

    def test_version_2_lost_answers(self):
        """It can't be asked whom it has invited: a person decides."""
        self.connect()
        for kind, sent in (("drop-after", 1), ("drop-before", 0), ("html", 0)):
            with self.subTest(kind=kind):
                email = f"lost-{kind}@example.com"
                person = self.candidate(email=email)
                self.sandbox.fault("assessfirst", "send-invitation", kind)
                self.refused(7, "unsure", "invite", person["id"], "--assessment", self.assessments[self.MODEL])
                self.ctl("outbox", "run")
                self.assertEqual(self.sandbox.sent(email), sent)
                self.assertEqual(self.ctl("invitation", "list")[0]["status"], "unsure")

    def test_version_1(self):
        self.connect("v1")
        self.assertEqual(set(self.assessments),
                         {"Web designer", "Développeur web", "Key account manager", self.NO_MODEL})
        person = self.candidate(email="Uma+1@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessments[self.MODEL])
        self.assertEqual((invitation["status"], self.sandbox.sent("Uma+1@example.com")), ("pending", 1))
        self.assertEqual(self.ctl("invitation", "refresh", invitation["id"])["status"], "pending")

        self.set_status("Uma+1@example.com", "in_progress")
        partial = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((partial["status"], partial["status_text"]), ("in-progress", "SWIPE"))
        self.assertIsNotNone(partial["score"])

        self.set_status("Uma+1@example.com", "complete", 66)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((done["status"], done["status_text"], done["score"]["value"]),
                         ("completed", "SWIPE, DRIVE, BRAIN", 66))

        # What opens her results is nowhere.
        token = hashlib.md5(b"assessfirst\ntoken\numa+1@example.com").hexdigest()
        self.assertGreater(self.requests("adequacies"), 0)
        self.assertEqual(self.home.files_with(token), [])
        self.assertNotIn(token, json.dumps(done))
        debug = self.home.run("--json", "invitation", "refresh", invitation["id"],
                              environment={"G_MESSAGES_DEBUG": "all"})
        self.assertEqual(debug.status, 0, debug)
        self.assertNotIn(token, debug.out + debug.err)

    def test_version_1_knows_the_person(self):
        """The questionnaires belong to the person: a second model needs no second invitation."""
        self.connect("v1")
        person = self.candidate(email="known@example.com")
        self.ctl("invite", person["id"], "--assessment", self.assessments[self.MODEL])
        self.set_status("known@example.com", "complete", 70)
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessments["Key account manager"],
                     says="knows this person already")
        self.assertEqual(self.sandbox.sent("known@example.com"), 1)

        second = next(i for i in self.ctl("invitation", "list") if i["assessment_name"] == "Key account manager")
        done = self.ctl("invitation", "refresh", second["id"])
        self.assertEqual((done["status"], done["score"]["value"]), ("completed", 70))

    def test_version_1_lost_answers(self):
        self.connect("v1")
        for kind, status in (("drop-after", "pending"), ("truncate", "pending"), ("wrong-type", "pending")):
            with self.subTest(kind=kind):
                email = f"v1-{kind}@example.com"
                person = self.candidate(email=email)
                self.sandbox.fault("assessfirst", "send-invitation-v1", kind)
                invitation = self.ctl("invite", person["id"], "--assessment", self.assessments[self.NO_MODEL])
                self.assertEqual((invitation["status"], self.sandbox.sent(email)), (status, 1))
        person = self.candidate(email="v1-never@example.com")
        self.sandbox.fault("assessfirst", "send-invitation-v1", "drop-before")
        self.refused(7, "unsure", "invite", person["id"], "--assessment", self.assessments[self.NO_MODEL])
        self.assertEqual(self.sandbox.sent("v1-never@example.com"), 0)

    def test_refused_address(self):
        self.connect()
        person = self.candidate(email="somebody@refused.example")
        self.refused(8, "invalid", "invite", person["id"], "--assessment", self.assessments[self.MODEL],
                     says="Mail to this address is refused.")


if __name__ == "__main__":
    harness.main()
