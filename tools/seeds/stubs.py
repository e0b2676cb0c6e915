"""The stubs of NetrSessionEnum (MS-SRVS 3.1.4.5) by hand, so that each field can be what no sound encoder writes."""
import dataclasses
import struct

LEVELS = {0: "s", 1: "ssnnnn", 2: "ssnnnns", 10: "ssnn", 502: "ssnnnnss"}


@dataclasses.dataclass(frozen=True)
class Format:
    ndr64: bool = False
    big: bool = False

    @property
    def word(self):
        return 8 if self.ndr64 else 4

    @property
    def bits(self):
        """As the first byte of stub_decode and stub_roundtrip has them."""
        return 2 * self.ndr64 | 4 * self.big

    def __str__(self):
        return ("ndr64" if self.ndr64 else "ndr") + ("-big" if self.big else "")


FORMATS = [Format(ndr64, big) for ndr64 in (False, True) for big in (False, True)]


@dataclasses.dataclass
class Text:
    """A string as it stands on the wire; what is None is as it should be."""
    units: bytes
    most: int = None
    offset: int = 0
    actual: int = None

    @staticmethod
    def of(text, order="<"):
        return Text((text + "\0").encode("utf-16-le" if order == "<" else "utf-16-be"))


@dataclasses.dataclass
class Session:
    cname: object = "\\\\WS1"
    username: object = "bob"
    opens: int = 1
    time: int = 60
    idle: int = 0
    flags: int = 0
    cltype: object = ""
    transport: object = "\\Device\\NetbiosSmb"

    def members(self, level):
        return {0: [self.cname], 1: [self.cname, self.username, self.opens, self.time, self.idle, self.flags],
                2: [self.cname, self.username, self.opens, self.time, self.idle, self.flags, self.cltype],
                10: [self.cname, self.username, self.time, self.idle],
                502: [self.cname, self.username, self.opens, self.time, self.idle, self.flags, self.cltype,
                      self.transport]}[level]


@dataclasses.dataclass
class Info:
    level: int = 1
    tag: int = None
    container: bool = True
    sessions: list = dataclasses.field(default_factory=list)
    entries: int = None  # EntriesRead, where it is not how many there are
    max_count: int = None  # of the array, likewise
    buffer: bool = None  # whether the array is there, likewise


class Writer:
    """Writes NDR (C706 14) or NDR64 (MS-RPCE 2.2.5). With `alike` every pointer has one id; `fill` pads."""

    def __init__(self, form, alike=False, fill=0):
        self.form, self._alike, self._fill = form, alike, fill
        self.out = bytearray()
        self._referent = 0x20000

    def align(self, size):
        self.out += bytes([self._fill]) * (-len(self.out) % size)

    def number(self, value, size=4):
        self.align(size)
        self.out += (value & (1 << 8 * size) - 1).to_bytes(size, "big" if self.form.big else "little")

    def count(self, value):
        self.number(value, self.form.word)

    def pointer(self, is_there):
        if is_there and not self._alike:
            self._referent += 4
        self.count(self._referent if is_there else 0)

    def string(self, text):
        if not isinstance(text, Text):
            text = Text.of(text, ">" if self.form.big else "<")
        length = len(text.units) // 2
        self.count(length if text.most is None else text.most)
        self.count(text.offset)
        self.count(length if text.actual is None else text.actual)
        self.out += text.units

    def parameter(self, text):
        self.pointer(text is not None)
        if text is not None:
            self.string(text)

    def handle(self, value):
        self.pointer(value is not None)
        if value is not None:
            self.number(value)

    def info(self, info):
        word = self.form.word
        tag = info.level if info.tag is None else info.tag
        self.align(word)
        self.number(info.level)
        self.align(word)
        self.number(tag)
        self.align(word)
        if tag not in LEVELS and not info.container:
            return
        self.pointer(info.container)
        if not info.container:
            return
        self.align(word)
        self.number(len(info.sessions) if info.entries is None else info.entries)
        has_array = bool(info.sessions) if info.buffer is None else info.buffer
        self.pointer(has_array)
        if has_array:
            self.array(info, tag)

    def array(self, info, tag):
        self.count(len(info.sessions) if info.max_count is None else info.max_count)
        if tag not in LEVELS:
            return
        rows = [session.members(tag) for session in info.sessions]
        for row in rows:
            self.align(self.form.word)
            for kind, value in zip(LEVELS[tag], row):
                self.pointer(value is not None) if kind == "s" else self.number(value)
        for row in rows:
            for kind, value in zip(LEVELS[tag], row):
                if kind == "s" and value is not None:
                    self.string(value)


def request(form=Format(), server="\\\\FS1", client=None, user=None, info=None, most=0xFFFFFFFF, handle=0, **how):
    writer = Writer(form, **how)
    for text in (server, client, user):
        writer.parameter(text)
    writer.info(info or Info())
    writer.number(most)
    writer.handle(handle)
    return bytes(writer.out)


def response(form=Format(), info=None, total=None, handle=0, status=0, **how):
    info = info or Info()
    writer = Writer(form, **how)
    writer.info(info)
    writer.number(len(info.sessions) if total is None else total)
    writer.handle(handle)
    writer.number(status)
    return bytes(writer.out)


def units(*values, big=False):
    return b"".join(struct.pack(">H" if big else "<H", value) for value in values)


IMPOSSIBLE = 0x80000000


def broken_texts(big):
    """What breaks a string -> the string."""
    letters = units(0x61, 0x62, 0, big=big)
    return {
        "max-above-actual": Text(letters, most=9),
        "actual-above-max": Text(letters, most=1),
        "offset": Text(letters, offset=2),
        "no-units": Text(b""),
        "unterminated": Text(units(0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, big=big)),
        "embedded-nul": Text(units(0x61, 0, 0x62, 0x63, 0x64, 0x65, 0x66, 0, big=big)),
        "embedded-nul-after-many": Text(units(*[0x61] * 9, 0, *[0x62] * 9, 0, big=big)),
        "high-surrogate-alone": Text(units(0x61, 0xD800, 0x62, 0, big=big)),
        "high-surrogate-last": Text(units(0x61, 0xDBFF, 0, big=big)),
        "low-surrogate-alone": Text(units(0xDC00, 0x61, 0, big=big)),
        "pair": Text(units(0xD83D, 0xDE00, 0x61, 0, big=big)),
        "letters-of-every-size": Text(units(0xE9, 0x4E2D, 0xD83D, 0xDE00, 0x202E, 0x1B, 0x7F, 0x85, 0x2066, 0xFFFD, 0, big=big)),
        "only-nul": Text(units(0, big=big)),
        "impossible-max": Text(letters, most=IMPOSSIBLE),
        "impossible-offset": Text(letters, offset=IMPOSSIBLE),
        "impossible-actual": Text(letters, actual=IMPOSSIBLE),
        "actual-beyond-the-end": Text(letters, actual=5000),
    }


BROKEN_INFOS = {
    "tag-is-not-level": Info(level=1, tag=10, sessions=[Session()]),
    "unlisted-level": Info(level=3, container=False),
    "unlisted-level-with-arm": Info(level=3),
    "unlisted-level-with-array": Info(level=3, sessions=[Session()]),
    "unlisted-level-with-array-of-another-count": Info(level=3, sessions=[Session()], entries=2),
    "unlisted-level-with-null-arm": Info(level=7, container=False),
    "null-container": Info(container=False),
    "null-array-of-two": Info(entries=2),
    "more-entries-than-the-array": Info(sessions=[Session()], entries=2),
    "fewer-entries-than-the-array": Info(sessions=[Session(), Session()], entries=1),
    "empty-array": Info(buffer=True),
    "array-beyond-the-end": Info(sessions=[Session()], max_count=5000),
    "impossible-array": Info(sessions=[Session()], max_count=IMPOSSIBLE),
    "more-sessions-than-are-read": Info(level=0, sessions=[Session(cname=None)] * 12),
    "every-name-null": Info(level=502, sessions=[Session(None, None, cltype=None, transport=None)]),
    "oddities-beyond-the-cap": Info(level=502, sessions=[
        Session(Text(b""), Text(b"a\0", 3, 4), cltype=Text(b"a\0", 3, 4), transport=Text(b"a\0", 3, 4))] * 3),
}


def malformed(form):
    """(what is broken, is a response, stub): those that no sound peer sends."""
    for name, text in broken_texts(form.big).items():
        yield "server-name-" + name, False, request(form, server=text)
        yield "username-" + name, True, response(form, info=Info(level=10, sessions=[Session(), Session(username=text)]))
    for name, info in BROKEN_INFOS.items():
        yield name, False, request(form, info=info)
        yield name, True, response(form, info=info)
    listed = Info(level=2, sessions=[Session(), Session(None, "")])
    yield "ids-alike", False, request(form, client="\\\\WS1", user="bob", alike=True)
    yield "ids-alike", True, response(form, info=listed, alike=True)
    yield "padding", False, request(form, server="\\\\F", client="", user="b", info=listed, fill=0xAA)
    yield "padding", True, response(form, info=listed, fill=0xAA)
    yield "null-handle", False, request(form, None, "\\\\WS1", "bob", handle=None)
    yield "null-handle", True, response(form, info=listed, handle=None, status=234)
    whole = request(form, client="\\\\WS1")
    yield "trailing-bytes", False, whole + b"more"
    yield "trailing-bytes", True, response(form) + b"more"
    for size in (0, 1, len(whole) // 2):
        yield f"cut-after-{size}-bytes", False, whole[:size]
    answer = response(form, info=listed)
    yield "cut-in-the-array", True, answer[:60]


def seeds():
    """(name, content) for corpus/stub_roundtrip."""
    for form in FORMATS:
        for name, is_response, stub in malformed(form):
            # Of what does not depend on the byte order one is enough.
            if form.big and form.ndr64 and not name.startswith(("padding", "ids", "null")):
                continue
            side = "response" if is_response else "request"
            yield f"broken-{side}-{name}-{form}", bytes([form.bits | is_response]) + stub
