# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of assayctl share: the program in an environment of its own, and the sandbox.

Each test file ends with harness.main(), which is called as

    test_something.py ASSAYCTL ASSAY_SANDBOX [unittest's own arguments]
"""

import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse
import urllib.request

ASSAYCTL = None
ASSAY_SANDBOX = None

PINPOINT_KEY = "sandbox-pinpoint-full-access"
PINPOINT_KEY_WITHOUT_JOBS = "sandbox-pinpoint-no-jobs"

# Longer than anything here takes, also under sanitizers on a busy machine: only a hang reaches it.
PATIENCE = 120


class Sandbox:
    """assay-sandbox with a clock that stands still, and its control."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [ASSAY_SANDBOX, "--quiet", "--watch-stdin", "--pace", "0", "--rate", "0", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("assay-sandbox did not start")
        start = json.loads(line)
        self.control = start["control"].rstrip("/")
        self.connections = {c["kind"]: c for c in start["connections"]}

    def stop(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def fault(self, vendor, operation, kind, **more):
        self.ask("POST", "/faults", {"vendor": vendor, "operation": operation, "kind": kind, **more})

    def arrive(self, **fields):
        """Somebody applies; the vendor's record of it."""
        return self.ask("POST", "/applications", fields)

    def advance(self, seconds):
        self.ask("POST", "/advance", {"seconds": seconds})

    def base_url(self, kind):
        return self.connections[kind]["settings"]["base-url"]

    def key(self, kind):
        return self.connections[kind]["secrets"][self.secret(kind)]

    def secret(self, kind):
        """What the kind calls its key."""
        return next(iter(self.connections[kind]["secrets"])) if kind in self.connections else "api-key"

    def sent(self, email):
        """How many invitations to that address took effect."""
        return sum(entry["count"] for entry in self.ask("GET", "/ledger")["invitations"] if entry["email"] == email)


class Outcome:
    """What a run of assayctl left."""

    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout.decode("utf-8")
        self.err = process.stderr.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads(self.err)["error"]

    def __repr__(self):
        return f"exit {self.status}\nstdout: {self.out}\nstderr: {self.err}"


def empty_keyring():
    """A keyring file of libsecret's without anything in it, whose key takes a single round to make.

    After the header comes a GVariant of the type (uayutua(a{say}ay)): the size of the salt, the salt, the rounds, when
    it was changed and how often, the items; then where the salt ends.
    """
    salt = os.urandom(32)
    content = struct.pack("=I32sIQI", len(salt), salt, 1, 0, 0)
    return b"GnomeKeyring\n\r\0\n" + b"\1\0" + content + bytes([4 + len(salt)])


class Home:
    """A user of their own: a home, a keyring in a file, no desktop."""

    KEYRING_PASSWORD = "the keyring's own password"

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="assayctl-"))
        self.data = self.path / "data" / "assay"
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "G_DEBUG", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                                                   "SOUP_FORCE_HTTP1", "GSETTINGS_BACKEND", "LD_LIBRARY_PATH",
                                                   "ASSAY_LOOPBACK_HURRY")
               if name in os.environ},
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(self.path),
            "XDG_DATA_HOME": str(self.path / "data"),
            "XDG_CONFIG_HOME": str(self.path / "config"),
            "XDG_CACHE_HOME": str(self.path / "cache"),
            "XDG_RUNTIME_DIR": str(self.path / "run"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.path}/no-bus",
            "SECRET_BACKEND": "file",
            "SECRET_FILE_TEST_PATH": str(self.path / "keyring"),
            "SECRET_FILE_TEST_PASSWORD": self.KEYRING_PASSWORD,
        }
        (self.path / "run").mkdir(mode=0o700)
        # libsecret's own new keyring makes its key in 100,000 rounds, and so does every program that opens it.
        (self.path / "keyring").write_bytes(empty_keyring())

    def remove(self):
        shutil.rmtree(self.path)

    def environment_to_keep_keys(self):
        """For a program that writes to the keyring: libsecret 0.20's leaks the old file's tag with each new one."""
        return {**self.environment, "ASAN_OPTIONS": self.environment.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}

    def run(self, *words, stdin=b"", environment=None):
        keeps_keys = "--secret" in words or "remove" in words
        environment = {**(self.environment_to_keep_keys() if keeps_keys else self.environment), **(environment or {})}
        return Outcome(subprocess.run([ASSAYCTL, *map(str, words)], input=stdin, capture_output=True,
                                      timeout=PATIENCE, env=environment))

    def start(self, *words):
        """Runs it in the background."""
        return subprocess.Popen([ASSAYCTL, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=self.environment)

    def files_with(self, text):
        """The files below it that hold the text, the keyring aside."""
        found = []
        for path in self.path.rglob("*"):
            if path.is_file() and path.name != "keyring" and text.encode() in path.read_bytes():
                found.append(str(path))
        return found


class CtlTestCase(unittest.TestCase):
    """A sandbox for the class, a home for each test."""

    maxDiff = None
    sandbox_options = ("--jobs", "6", "--applications", "60")

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox(*cls.sandbox_options)
        cls.addClassCleanup(cls.sandbox.stop)

    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.remove)
        self.sandbox.ask("DELETE", "/faults")

    # Running

    def ctl(self, *words, stdin=b""):
        """A run that must be good; its JSON."""
        outcome = self.home.run("--json", *words, stdin=stdin)
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(outcome.err, "", outcome)
        return outcome.json

    def refused(self, status, code, *words, stdin=b"", says=None, prints=False):
        """A run that must fail like that; the error. Standard output stays empty unless it prints a report."""
        outcome = self.home.run("--json", *words, stdin=stdin)
        self.assertEqual(outcome.status, status, outcome)
        error = outcome.error
        self.assertEqual(error["code"], code, outcome)
        self.assert_sentence(error["message"])
        if says is not None:
            self.assertIn(says, error["message"])
        if prints:
            error["report"] = outcome.json
        else:
            self.assertEqual(outcome.out, "", outcome)
        return error

    def assert_sentence(self, text):
        self.assertRegex(text, r"^[\w“%].*[.]$", "not a sentence")
        self.assertNotIn("!", text)
        self.assertNotIn("\n", text)

    # Connecting

    def add(self, kind, key=None, **settings):
        key = self.sandbox.key(kind) if key is None else key
        settings = {"base-url": self.sandbox.base_url(kind), **settings}
        words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        if kind == "pinpoint":
            words += ["--set", "subdomain=sandbox"]
        return self.ctl("connection", "add", kind, "--name", f"My {kind}", *words, "--secret",
                        self.sandbox.secret(kind), stdin=key.encode() + b"\n")["id"]

    def connect(self):
        """Both systems, enabled and read."""
        self.pinpoint = self.add("pinpoint")
        self.testtrick = self.add("testtrick")
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", self.testtrick)
        self.ctl("sync")
        self.assessment = self.ctl("assessment", "list")[0]["id"]

    def gate(self, connection, kind):
        """Puts a gate before a connection's vendor."""
        gate = Gate(self.sandbox.base_url(kind))
        self.addCleanup(gate.stop)
        self.ctl("connection", "set", connection, "--set", f"base-url={gate.url}")
        return gate

    def candidate(self, **fields):
        """Somebody who has just applied, as the store has it."""
        remote = self.sandbox.arrive(**fields)
        self.ctl("sync")
        found = [a for a in self.ctl("application", "list") if a["remote_id"] == str(remote["id"])]
        self.assertEqual(len(found), 1)
        return found[0]


class Answering:
    """A server that gives every request the same answer."""

    def __init__(self, answer):
        self.answer = answer
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(self.answer)
                except OSError:
                    pass

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


class Gate:
    """A way to a vendor on which what is written arrives at once, and each answer waits to be let through."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.vendor = (parts.hostname, parts.port)
        self.arrived = threading.Semaphore(0)
        self.passes = threading.Semaphore(0)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.name = b"127.0.0.1:%d" % self.socket.getsockname()[1]
        self.url = f"http://{self.name.decode()}{parts.path}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        written = threading.Event()
        try:
            with client, socket.create_connection(self.vendor) as vendor:
                threading.Thread(target=self._answer, args=(client, vendor, written), daemon=True).start()
                while request := client.recv(1 << 20):
                    if request.startswith(b"POST "):
                        written.set()
                    # The sandbox answers to its own name alone.
                    vendor.sendall(request.replace(b"\r\nHost: %b" % self.name, b"\r\nHost: %b:%d" % (
                        self.vendor[0].encode(), self.vendor[1])))
        except OSError:
            pass

    def _answer(self, client, vendor, written):
        try:
            while answer := vendor.recv(1 << 20):
                if written.is_set():
                    written.clear()
                    self.arrived.release()
                    self.passes.acquire()
                client.sendall(answer)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def until_arrived(self):
        """Waits until something was written whose answer waits here."""
        if not self.arrived.acquire(timeout=PATIENCE):
            raise RuntimeError("nothing was written")

    def open(self):
        """Lets every answer through from now on."""
        self.passes.release(1000)

    def stop(self):
        self.open()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def closed_port():
    """An address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def main():
    global ASSAYCTL, ASSAY_SANDBOX
    module = sys.modules["__main__"]
    # The test file imported this module by its name, so these are the globals that it sees.
    ASSAYCTL, ASSAY_SANDBOX = sys.argv[1:3]
    unittest.main(module=module, argv=[sys.argv[0], *sys.argv[3:]])
