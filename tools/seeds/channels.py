"""SMB2 sessions by hand: what no capture of pcaps/ has. Those that several connections share, contradict or crowd out
(MS-SMB2 3.3.5.5.2) as packets for report_page; those of one connection for smb2."""
import struct

import wire
from seeds import packets, rpc
from seeds.smb import framed
from wire import CREATE, SESSION_SETUP, TREE_CONNECT

NEGOTIATE, LOGOFF, WRITE, IOCTL, QUERY_INFO = 0, 2, 9, 11, 16
MORE_PROCESSING, ACCESS_DENIED, BUFFER_OVERFLOW = 0xC0000016, 0xC0000022, 0x80000005
SESSION, TREE, FILE = 0x21, 5, 7
KEYED_SESSION = 1  # the target smb2 has a key for it
SAME_SESSION, SAME_TREE, RELATED = (1 << 64) - 1, (1 << 32) - 1, 4
BINDING = 1
CLIENT_GUID, SERVER_GUID = b"\xc1" * 16, b"\x51" * 16
TRANSCEIVE = 0x11C017


def message(command, number, body, session=SESSION, reply=False, status=0, tree=TREE, flags=0):
    return wire.smb2_message(command, number, body, reply, session, tree, status, flags)


def compound(*parts):
    """Messages behind one another, each with the way to the next."""
    out = b""
    for i, part in enumerate(parts):
        part += bytes(-len(part) % 8)
        out += part if i + 1 == len(parts) else part[:20] + struct.pack("<I", len(part)) + part[24:]
    return out


def sealed(inner, session=SESSION):
    return b"\xfdSMB" + b"t" * 16 + bytes(16) + struct.pack("<IHHQ", len(inner), 0, 1, session) + inner


def compressed(size, algorithm=9, offset=0):
    """A message that claims to expand to `size` bytes."""
    return b"\xfcSMB" + struct.pack("<IHHI", size, algorithm, 0, offset) + bytes(8)


def negotiate_request(client):
    return struct.pack("<H10x16s8x", 36, client)


def negotiate_response(server, dialect=0x302):
    return struct.pack("<HHH2x16s40x", 65, 1, dialect, server)


def negotiate_response_311(context):
    """With a negotiate context (MS-SMB2 2.2.4.1) behind that of the hash."""
    return struct.pack("<HHHH48xHHI8x", 65, 1, 0x311, 2, 128, 3, 136) + struct.pack("<HHIHHHH", 1, 6, 0, 1, 0, 1, 0) + context


AES_128_GCM = struct.pack("<HHIHH", 2, 4, 0, 1, 2)
NO_CIPHER = struct.pack("<HHIHH", 8, 4, 0, 1, 2)


def setup_request(flags=0, token=b""):
    return struct.pack("<HB9xHH8x", 25, flags, 88, len(token)) + token


def setup_response(token=b""):
    return struct.pack("<HHHH", 9, 0, 72, len(token)) + token


SETUP_RESPONSE = setup_response()
# MS-NLMP 2.2.2.5: NEGOTIATE_UNICODE, EXTENDED_SESSIONSECURITY, KEY_EXCH, 128 and 56.
UNICODE, EXTENDED, KEY_EXCHANGE, STRENGTH_128, STRENGTH_56 = 1, 1 << 19, 1 << 30, 1 << 29, 1 << 31


def ntlm_challenge(flags=UNICODE | EXTENDED):
    return b"NTLMSSP\0" + struct.pack("<IHHII8s8xHHI", 2, 0, 0, 56, flags, b"8 bytes!", 0, 0, 56)


def ntlm_authenticate(flags=UNICODE | EXTENDED, user="bob", answer=24):
    fields = [b"c" * 24, b"r" * answer, "WG".encode("utf-16-le"), user.encode("utf-16-le"), b"", b"k" * 16]
    head, at = b"NTLMSSP\0" + struct.pack("<I", 3), 64
    for field in fields:
        head += struct.pack("<HHI", len(field), len(field), at)
        at += len(field)
    return head + struct.pack("<I", flags) + b"".join(fields)


def tree_request(path="\\\\S\\IPC$"):
    name = path.encode("utf-16-le")
    return struct.pack("<HHHH", 9, 0, 72, len(name)) + name


def tree_response(share=wire.PIPE_SHARE):
    return struct.pack("<HB13x", 16, share)


def create_request(name="srvsvc"):
    text = name.encode("utf-16-le")
    return struct.pack("<H42xHH8x", 57, 120, len(text)) + text


def create_response(file=FILE):
    return struct.pack("<H62xQQ8x", 89, file, file)


def ioctl_request(data, file=FILE):
    return struct.pack("<HHIQQIIIIIIII", 57, 0, TRANSCEIVE, file, file, 120, len(data), 0, 0, 0, 4280, 1, 0) + data


def ioctl_response(data, file=FILE):
    return struct.pack("<HHIQQIIIIII", 49, 0, TRANSCEIVE, file, file, 0, 0, 112, len(data), 0, 0) + data


class Said:
    """What both sides say, as smb2 reads it."""

    def __init__(self):
        self.pieces = b""

    def ask(self, data):
        self.pieces += packets.piece(0, data)

    def tell(self, data):
        self.pieces += packets.piece(1, data)

    def skip(self, count):
        self.pieces += packets.piece(2, bytes(count))


class Channel:
    """One connection of a scene: in packets, or, where `out` is Said, without."""

    def __init__(self, out, port=40000):
        self.tcp = out if isinstance(out, Said) else wire.Connection(out, ports=(port, 445))
        self._number = 0

    def ask(self, command, body, **how):
        self._number += 1
        self.tcp.ask(framed(message(command, self._number, body, **how)))

    def answer(self, command, body, **how):
        self.tcp.tell(framed(message(command, self._number, body, reply=True, **how)))

    def negotiate(self, client=CLIENT_GUID, server=SERVER_GUID):
        self.ask(NEGOTIATE, negotiate_request(client), session=0)
        self.answer(NEGOTIATE, negotiate_response(server), session=0)

    def login(self, session=SESSION, challenge=b"", authenticate=b""):
        self.ask(SESSION_SETUP, setup_request(), session=0)
        self.answer(SESSION_SETUP, setup_response(challenge), session=session, status=MORE_PROCESSING)
        self.ask(SESSION_SETUP, setup_request(token=authenticate), session=session)
        self.answer(SESSION_SETUP, SETUP_RESPONSE, session=session)

    def bind(self, status=0, session=SESSION):
        """Joins the session of another connection; `status` is what the server says to it."""
        self.ask(SESSION_SETUP, setup_request(BINDING), session=session)
        self.answer(SESSION_SETUP, SETUP_RESPONSE, session=session, status=status)

    def open_pipe(self, name="srvsvc", **where):
        self.ask(TREE_CONNECT, tree_request(), **where)
        self.answer(TREE_CONNECT, tree_response(), **where)
        self.ask(CREATE, create_request(name), **where)
        self.answer(CREATE, create_response(), **where)

    def transceive(self, asked, told, **where):
        self.ask(IOCTL, ioctl_request(asked), **where)
        self.answer(IOCTL, ioctl_response(told), **where)

    def first(self):
        self.negotiate()
        self.login()
        self.open_pipe()
        self.transceive(*rpc.BOUND)


def call_on_the_second(out, **second):
    """The pipe is opened and bound on one connection, and used on another."""
    Channel(out).first()
    channel = Channel(out, 40001)
    channel.negotiate(**second)
    channel.bind()
    channel.transceive(rpc.ASK, rpc.TELL)


def refused(out):
    first, second = Channel(out), Channel(out, 40001)
    first.first()
    second.negotiate()
    second.bind(ACCESS_DENIED)
    second.bind()
    second.bind(ACCESS_DENIED)  # once more: it stays joined
    first.tcp.reset()
    second.transceive(rpc.ASK, rpc.TELL)
    second.tcp.reset()


def joined_without_set_up(out):
    Channel(out).first()
    Channel(out, 40001).transceive(rpc.ASK, rpc.TELL)


def two_servers_of_one_address(out):
    Channel(out).first()
    other = Channel(out, 40001)
    other.negotiate(server=b"\x52" * 16)
    other.login()
    other.open_pipe()
    Channel(out, 40002).transceive(rpc.ASK, rpc.TELL)


def loss_on_the_second(out):
    Channel(out).first()
    second = Channel(out, 40001)
    second.negotiate()
    second.bind()
    second.tcp.skip(100)
    second.transceive(rpc.ASK, rpc.TELL)
    second.ask(LOGOFF, b"\4\0\0\0")
    second.answer(LOGOFF, b"\4\0\0\0")


def more_than_are_kept(out):
    """For little room: more sessions joined, and more requests unanswered, than there is room for."""
    first = Channel(out)
    first.negotiate()
    for session in range(2):
        first.login(SESSION + session)
    others = Channel(out, 40001)
    others.negotiate()
    for session in range(2):
        others.login(SESSION + 2 + session)
    third = Channel(out, 40002)
    third.negotiate()
    for session in (3, 2, 1, 0):  # the first one is forgotten already
        third.bind(session=SESSION + session)
    third.open_pipe(session=SESSION + 3)
    for session in (*range(3), SESSION):
        third.ask(CREATE, create_request(), session=SESSION + 3)
        third.tcp.ask(framed(sealed(b"cipher text", session)))


def failed_set_up(channel):
    channel.negotiate()
    channel.ask(SESSION_SETUP, setup_request(), session=0)
    channel.answer(SESSION_SETUP, SETUP_RESPONSE, status=ACCESS_DENIED)
    channel.login()
    channel.ask(TREE_CONNECT, tree_request())
    channel.answer(TREE_CONNECT, tree_response())
    channel.ask(CREATE, create_request())
    channel.answer(CREATE, b"\x09" + bytes(8), status=ACCESS_DENIED)
    channel.open_pipe()
    channel.transceive(rpc.ASK, rpc.TELL)  # no bind was captured


def files_of_a_disk(channel):
    channel.negotiate()
    channel.login()
    channel.ask(TREE_CONNECT, tree_request("\\\\S\\C$"))
    channel.answer(TREE_CONNECT, tree_response(wire.DISK_SHARE))
    channel.ask(CREATE, create_request())
    channel.answer(CREATE, create_response())
    channel.ask(WRITE, struct.pack("<HHIQQQIIHHI", 49, 112, 200, 0, FILE, FILE, 0, 0, 0, 0, 0) + bytes(200))
    channel.ask(QUERY_INFO, query_info())


def query_info(file=FILE):
    return struct.pack("<HBBIHHIIIQQ", 41, 1, 5, 100, 0, 0, 0, 0, 0, file, file)


def compounds(channel):
    """A pipe is opened, asked what it is, and used in one message."""
    channel.ask(TREE_CONNECT, tree_request())
    channel.answer(TREE_CONNECT, tree_response())
    inherits = {"session": SAME_SESSION, "tree": SAME_TREE, "flags": RELATED}
    channel.tcp.ask(framed(compound(
        message(CREATE, 10, create_request("\\pipe\\srvsvc")),
        message(QUERY_INFO, 11, query_info(SAME_SESSION), **inherits),
        message(IOCTL, 12, ioctl_request(rpc.ASK, SAME_SESSION), **inherits))))
    channel.tcp.tell(framed(compound(
        message(CREATE, 10, create_response(), reply=True),
        message(QUERY_INFO, 11, struct.pack("<HHI", 9, 0, 0), reply=True, **inherits),
        message(IOCTL, 12, ioctl_response(rpc.TELL), reply=True, **inherits))))
    first = message(CREATE, 13, create_request())
    channel.tcp.ask(framed(first[:20] + struct.pack("<I", 1 << 20) + first[24:]))  # the next one lies beyond the end


def sealed_messages(channel, context, flags):
    """Dialect 3.1.1, a session of NTLMv1 (MS-NLMP 3.3.1), and what is sealed with its key."""
    channel.ask(NEGOTIATE, negotiate_request(CLIENT_GUID), session=0)
    channel.answer(NEGOTIATE, negotiate_response_311(context), session=0)
    channel.login(KEYED_SESSION, ntlm_challenge(flags), ntlm_authenticate(flags))
    for inner in (message(TREE_CONNECT, 20, tree_request(), session=KEYED_SESSION),
                  sealed(bytes(64), KEYED_SESSION)):  # no transform is in a transform
        channel.tcp.ask(framed(sealed(inner, KEYED_SESSION)))
    channel.tcp.tell(framed(sealed(message(TREE_CONNECT, 20, tree_response(), session=KEYED_SESSION, reply=True),
                                   KEYED_SESSION)))
    cut = framed(sealed(bytes(40)))
    channel.tcp.ask(cut[:40])
    channel.tcp.skip(len(cut) - 40)  # with the end of its header


def expansions(channel):
    """More than one message may expand to, and more than all may."""
    channel.open_pipe()
    for size in (1 << 25, *[(1 << 24) - 16] * 6):
        channel.tcp.ask(framed(compressed(size)))


def another_pipe(out):
    """What was bound to it was not captured, and it is not that of the server service."""
    channel = Channel(out)
    channel.open_pipe("wkssvc")
    channel.transceive(rpc.ASK, rpc.TELL)


SCENES = {
    "another-pipe": another_pipe,
    "call-on-the-second": call_on_the_second,
    "call-on-the-second-of-another-client": lambda out: call_on_the_second(out, client=b"\xc2" * 16),
    "refused": refused,
    "joined-without-set-up": joined_without_set_up,
    "two-servers-of-one-address": two_servers_of_one_address,
    "loss-on-the-second": loss_on_the_second,
    "more-than-are-kept": more_than_are_kept,
}
OF_ONE_CONNECTION = {
    "failed-set-up": failed_set_up,
    "files-of-a-disk": files_of_a_disk,
    "compounds": compounds,
    "expansions": expansions,
    "sealed-messages": lambda channel: sealed_messages(channel, AES_128_GCM, UNICODE | EXTENDED),
    "sealed-messages-of-no-cipher": lambda channel: sealed_messages(channel, NO_CIPHER, UNICODE),
    "sealed-messages-of-old-peers": lambda channel: sealed_messages(channel, AES_128_GCM, UNICODE | KEY_EXCHANGE),
}


def sessions():
    """(name, content) for corpus/smb2."""
    for name, act in OF_ONE_CONNECTION.items():
        said = Said()
        act(Channel(said))
        yield f"sessions-{name}", said.pieces


def scenes():
    """(name, content) for corpus/report_page."""
    for name, act in SCENES.items():
        out = packets.Collected()
        act(out)
        options = packets.LITTLE_ROOM | packets.WITH_KEYS if name == "more-than-are-kept" else packets.EVERY_VERDICT
        yield f"channels-{name}", b"".join(
            packets.piece(packets.RAW | (0 if i else options), packet) for i, packet in enumerate(out.packets))


def compressed_answer():
    """A pipe whose answer comes compressed by an algorithm that there is not."""
    out = packets.Collected()
    channel = Channel(out)
    channel.open_pipe()
    channel.transceive(wire.bind(), wire.bind_ack())
    channel.ask(IOCTL, ioctl_request(rpc.ASK))
    channel.answer(IOCTL, ioctl_response(rpc.TELL[:40]), status=BUFFER_OVERFLOW)
    channel.tcp.tell(framed(compressed(200)))
    return packets.chain(packets.RAW, out.packets)
