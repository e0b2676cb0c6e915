"""The calls of the rules' test vectors (dissector/rules/testdata/), as call_pair_rules reads them."""
import pathlib
import re
import struct

from seeds import stubs

VECTORS = pathlib.Path(__file__).resolve().parent.parent.parent / "dissector" / "rules" / "testdata"
STATUS_FILE = VECTORS.parent.parent / "srvsvc" / "status.cc"
MOST_CALLS = 4
NO_REQUEST, NO_RESPONSE, FAULT, CUT, TCP, INTERFACE = 4, 8, 16, 32, 64, 128
ANOTHER_FOLLOWS = 0x8000


def statuses():
    found = re.findall(r'\{0x([0-9A-F]{8}), "(\w+)"\}', STATUS_FILE.read_text())
    return {name: int(value, 16) for value, name in found}


STATUSES = statuses()


def number(word):
    return STATUSES[word] if word in STATUSES else int(word, 0)


def name(word):
    """NULL, "text", or "a"*3+"b"."""
    if word == "NULL":
        return None
    return "".join(text * int(times or 1) for text, times in re.findall(r'"([^"]*)"(?:\*(\d+))?', word))


def words(line):
    """Blanks inside of quotes belong to a word."""
    return re.findall(r'(?:"[^"]*"|[^ "])+', line)


class Message:
    """What a line says of a request or a response."""

    def __init__(self, line, level):
        self.info = stubs.Info(level=level)
        self.said = {}
        self.cut = self.short = self.extra = 0
        self.alike = False
        rest = list(line)
        while rest:
            self.fact(rest.pop(0), rest)

    def fact(self, key, rest):
        if key in ("server", "client", "user"):
            self.said[key] = name(rest.pop(0))
        elif key == "handle":
            word = rest.pop(0)
            self.said[key] = None if word == "NULL" else number(word)
        elif key == "level":
            self.info.level = number(rest.pop(0))
        elif key in ("tag", "entries"):
            setattr(self.info, key, number(rest.pop(0)))
        elif key in ("cut", "short", "extra"):
            setattr(self, key, number(rest.pop(0)))
        elif key == "container":
            self.info.container = False
            rest.pop(0)
        elif key == "ids":
            self.alike = True
            rest.pop(0)
        elif key == "session":
            self.session(rest)
        else:
            self.said[{"max": "most"}.get(key, key)] = number(rest.pop(0))

    def session(self, rest):
        session = stubs.Session(name(rest.pop(0)), name(rest.pop(0)))
        members = {"type": "cltype"}
        while rest and rest[0] in ("opens", "time", "idle", "flags", "type", "transport"):
            key = rest.pop(0)
            word = rest.pop(0)
            setattr(session, members.get(key, key), name(word) if key in ("type", "transport") else number(word))
        self.info.sessions.append(session)

    def stub(self, make, form):
        stub = make(form, info=self.info, alike=self.alike, **self.said)
        return stub[:max(0, len(stub) - self.cut - self.short)] + bytes(self.extra)


class Call:
    def __init__(self, connection):
        self.connection = connection
        self.request = self.response = self.fault = None

    def encoded(self, form, is_last):
        request = self.request.stub(stubs.request, form) if self.request else b""
        response = self.response.stub(stubs.response, form) if self.response else b""
        flags = form.ndr64 | 2 * form.big
        flags |= 0 if self.request else NO_REQUEST
        flags |= 0 if self.response else NO_RESPONSE
        flags |= FAULT if self.fault else 0
        flags |= CUT if any(side and side.cut for side in (self.request, self.response)) else 0
        flags |= TCP if "tcp" in self.connection else 0
        flags |= 0 if "unseen" in self.connection else INTERFACE
        if is_last:
            return bytes([flags]) + struct.pack("<H", len(request)) + request + response
        return (bytes([flags]) + struct.pack("<H", len(request) | ANOTHER_FOLLOWS) + request
                + struct.pack("<H", len(response)) + response)


def answer_to(call, line):
    level = call.request.info.level if call.request else 1
    answer = Message(line, level)
    if call.request and call.request.said.get("handle", 0) is None:
        answer.said.setdefault("handle", None)
    return answer


def vectors(path):
    """(name, calls) of each vector."""
    title, calls, connection = "", [], ()
    for text in path.read_text().splitlines() + ["vector: end"]:
        line = words(text.strip())
        if not line or line[0] == "#" or line[0].startswith("#"):
            continue
        keyword, *line = line
        if keyword == "vector:":
            if calls:
                yield title, calls
            title, calls, connection = " ".join(line), [], ()
        elif keyword == "connection":
            connection = (*connection, *line)
        elif keyword in ("request", "no") and line[:1] != ["answer"]:
            calls.append(Call(connection))
            if keyword == "request":
                calls[-1].request = Message(line, 1)
        elif keyword == "response":
            calls[-1].response = answer_to(calls[-1], line)
        elif keyword == "fault":
            calls[-1].fault = True
        elif keyword == "repeat":
            calls += [calls[-1]] * number(line[0])


def seeds():
    """(name, content) for corpus/call_pair_rules."""
    turn = 0
    for path in sorted(VECTORS.glob("*_vectors.txt")):
        for title, calls in vectors(path):
            form = stubs.FORMATS[turn % 3]
            turn += 1
            last = calls[-MOST_CALLS:]
            slug = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower()
            content = b"".join(call.encoded(form, call is last[-1] and i == len(last) - 1) for i, call in enumerate(last))
            yield f"{path.stem.removesuffix('_vectors')}-{slug}"[:90], content
