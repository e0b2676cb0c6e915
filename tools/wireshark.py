"""Runs tshark with the plugin, and without it, as a user who is not root: as root Wireshark loads no plugin from a home."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

NOBODY = "nobody"
MOST_SECONDS = 300
CUT_SHORT = b"appears to have been cut short in the middle of a packet"


def version_of(tshark="tshark"):
    """"4.0" of "TShark (Wireshark) 4.0.17 (...)"."""
    first = subprocess.run([tshark, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return ".".join(first.split(")")[1].split()[0].split(".")[:2])


class Session:
    """A folder with the plugin and a home of its own; captures are copied into it, as their own may not be readable."""

    def __init__(self, plugin=None, preload=""):
        self._folder = tempfile.TemporaryDirectory(prefix="sessenum-wireshark-")
        self.top = pathlib.Path(self._folder.name)
        self._preload = preload
        for name in ("home", "plugins", "none"):
            (self.top / name).mkdir()
        if plugin:
            place = self.top / "plugins" / version_of() / "epan"
            place.mkdir(parents=True)
            shutil.copy(plugin, place)
        for root, folders, files in os.walk(self.top):
            for name in [root, *(os.path.join(root, entry) for entry in folders + files)]:
                os.chmod(name, 0o755)
        if os.getuid() == 0:
            shutil.chown(self.top / "home", NOBODY)

    def close(self):
        self._folder.cleanup()

    def copied(self, capture):
        copy = self.top / capture.name
        if not copy.exists():
            shutil.copy(capture, copy)
            copy.chmod(0o644)
        return copy

    def run(self, capture, *options, with_plugin=True):
        """What tshark printed. It must print no warning: glib's kill it."""
        variables = {"HOME": str(self.top / "home"), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC",
                     "WIRESHARK_PLUGIN_DIR": str(self.top / ("plugins" if with_plugin else "none")),
                     "G_DEBUG": "fatal-warnings"}
        if self._preload and with_plugin:
            variables.update(LD_PRELOAD=self._preload, ASAN_OPTIONS="detect_leaks=0", UBSAN_OPTIONS="print_stacktrace=1")
        command = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()),
                   "tshark", "-n", "-r", str(self.copied(capture)), *options]
        if os.getuid() == 0:
            command = ["runuser", "-u", NOBODY, "--", *command]
        done = subprocess.run(command, capture_output=True, cwd=self.top, timeout=MOST_SECONDS)
        # The readable part of a capture that ends in a packet is read all the same.
        if (done.returncode or done.stderr) and CUT_SHORT not in done.stderr:
            raise RuntimeError(f"{capture.name}: tshark ended with {done.returncode}: {done.stderr.decode()[:2000]}")
        return done.stdout.decode()

    def layers(self, capture, *options, only="srvsvc sessenum", **how):
        """[(frame, layer)] of each dissected message, the layers as tshark -T json shows them, with the raw bytes."""
        text = self.run(capture, "-Y", "sessenum", "-T", "json", "-x", "--no-duplicate-keys", *options, **how)
        found = []
        for packet in json.loads(text):
            layers = packet["_source"]["layers"]
            frame = int(layers["frame"]["frame.number"])
            found += [(frame, layer) for layer in find(layers, "sessenum")]
        return found


def many(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def find(node, name):
    """All values of the key `name`, at any depth."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == name:
            yield from many(value)
        for inner in many(value):
            yield from find(inner, name)


def text(node, name):
    return node.get("sessenum." + name)


def number(node, name):
    value = text(node, name)
    return None if value is None else int(value, 0)


def session_of(tree):
    told = {}
    for key, value in tree.items():
        name = key.removeprefix("sessenum.session.")
        if name == key or name.endswith(("_raw", "_tree")):
            continue
        told[name] = value if name in ("cname", "username", "cltype_name", "transport") else int(value, 0)
    for name in many(tree.get("sessenum.null")):
        told[name.removeprefix("session.")] = None
    return told


def container_of(message):
    if "sessenum.container" not in message:  # NULL, or of an unlisted level and not sent
        return None
    tree = next(iter(many(message.get("sessenum.container"))), {})
    sessions = next(iter(many(tree.get("sessenum.container.sessions"))), None)
    is_null = "container.sessions" in many(tree.get("sessenum.null"))
    told = {"entries_read": number(tree, "container.entries_read"), "sessions": None if is_null else []}
    if isinstance(sessions, dict):
        told["sessions"] = [session_of(each) for each in many(sessions.get("sessenum.session"))]
    return told


def request_of(layer):
    """The request in the shape of the command line's NDJSON; None where the layer has none."""
    message = layer.get("sessenum.request")
    if not isinstance(message, dict):
        return None
    return {"server_name": text(message, "server_name"), "client_name": text(message, "client_name"),
            "user_name": text(message, "user_name"), "level": number(message, "level"),
            "container": container_of(message),
            "preferred_maximum_length": number(message, "preferred_maximum_length"),
            "resume_handle": number(message, "resume_handle")}


def response_of(layer):
    message = layer.get("sessenum.response")
    if not isinstance(message, dict):
        return None
    return {"level": number(message, "level"), "container": container_of(message),
            "total_entries": number(message, "total_entries"), "resume_handle": number(message, "resume_handle"),
            "status": number(message, "status")}
