"""Makes packets, RPC and SMB2 messages for the tests; struct and nothing else."""
import struct

SYN, RST, ACK = 2, 4, 16
CLIENT, SERVER = 0x0A000001, 0x0A800001  # 10.0.0.1, 10.128.0.1
SRVSVC = bytes.fromhex("c84f324b7016d30112785a47bf6ee188") + struct.pack("<HH", 3, 0)
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)
FIRST, LAST, WHOLE = 1, 2, 3

# Level 10, no container, the longest answer, resume handle 0; all three names NULL.
REQUEST = struct.pack("<10I", 0, 0, 0, 10, 10, 0x20000, 0, 0, 0xFFFFFFFF, 0)
# No session, no resume handle, NERR_Success.
RESPONSE = struct.pack("<8I", 10, 10, 0x20000, 0, 0, 0, 0, 0)


class PcapWriter:
    """Writes Ethernet packets a microsecond apart; packets go to the file at once, so that they take no memory."""

    def __init__(self, file):
        self._file = file
        self.packets = 0
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))

    def write(self, ip):
        size = len(ip) + 14
        self._file.write(struct.pack("<IIII", 10**9 + self.packets // 10**6, self.packets % 10**6, size, size))
        self._file.write(b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + ip)
        self.packets += 1


def ipv4(source, destination, payload, protocol=6, identification=0, offset=0, more=False):
    fragment = offset // 8 | (0x2000 if more else 0)
    return struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(payload), identification & 0xFFFF, fragment, 64, protocol, 0,
                       source, destination) + payload


def tcp(source, destination, ports, sequence, acknowledgment, flags, payload=b""):
    header = struct.pack(">HHIIBBHHH", *ports, sequence & 0xFFFFFFFF, acknowledgment & 0xFFFFFFFF, 0x50, flags, 65535,
                         0, 0)
    return ipv4(source, destination, header + payload)


class Connection:
    """A TCP connection; `ask` and `tell` send bytes in segments of up to `most`."""

    def __init__(self, out, client=CLIENT, server=SERVER, ports=(40000, 49664), handshake=True, most=60000):
        self._out, self._most = out, most
        self._ends = ((client, server, ports), (server, client, ports[::-1]))
        self._next = [1, 1]
        if handshake:
            out.write(tcp(*self._ends[0], 0, 0, SYN))
            out.write(tcp(*self._ends[1], 0, 1, SYN | ACK))

    def _send(self, side, data):
        for at in range(0, len(data), self._most):
            part = data[at:at + self._most]
            self._out.write(tcp(*self._ends[side], self._next[side], self._next[1 - side], ACK, part))
            self._next[side] += len(part)

    def ask(self, data):
        self._send(0, data)

    def tell(self, data):
        self._send(1, data)

    def skip(self, count):
        """The client's next `count` bytes are not in the capture."""
        self._next[0] += count

    def reset(self):
        self._out.write(tcp(*self._ends[0], self._next[0], self._next[1], RST))


# --- RPC -------------------------------------------------------------------------------------------------------------

def pdu(kind, call_id, body, flags=WHOLE, length=None):
    return struct.pack("<BBBBIHHI", 5, 0, kind, flags, 0x10, length or 16 + len(body), 0, call_id) + body


def bind(call_id=1, contexts=(0,), kind=11):
    items = b"".join(struct.pack("<HBx", context, 1) + SRVSVC + NDR for context in contexts)
    return pdu(kind, call_id, struct.pack("<HHIBxxx", 4280, 4280, 0, len(contexts)) + items)


def bind_ack(call_id=1, count=1, kind=12):
    results = (struct.pack("<HH", 0, 0) + NDR) * count
    return pdu(kind, call_id, struct.pack("<HHIHxx", 4280, 4280, 1, 0) + struct.pack("<Bxxx", count) + results)


def request(call_id, stub=REQUEST, flags=WHOLE):
    return pdu(0, call_id, struct.pack("<IHH", len(stub), 0, 12) + stub, flags)


def response(call_id, stub=RESPONSE, flags=WHOLE):
    return pdu(2, call_id, struct.pack("<IHBx", len(stub), 0, 0) + stub, flags)


def fragments(make, call_id, stub, size=60000):
    """The PDUs that carry `stub`, by `make`, which is request or response."""
    out = bytearray()
    for at in range(0, len(stub), size):
        flags = (FIRST if at == 0 else 0) | (LAST if at + size >= len(stub) else 0)
        out += make(call_id, stub[at:at + size], flags)
    return bytes(out)


def bound(out, **where):
    """A connection with srvsvc bound in NDR."""
    connection = Connection(out, **where)
    connection.ask(bind())
    connection.tell(bind_ack())
    return connection


# --- SMB2 ------------------------------------------------------------------------------------------------------------

SESSION_SETUP, TREE_CONNECT, CREATE, READ = 1, 3, 5, 8
DISK_SHARE, PIPE_SHARE = 1, 2


def smb2_message(command, message_id, body, reply=False, session=1, tree=1, status=0, flags=0):
    return struct.pack("<4sHHIHHIIQIIQ16x", b"\xfeSMB", 64, 0, status, command, 1, int(reply) | flags, 0, message_id, 0,
                       tree, session) + body


def smb2(command, message_id, body, reply=False, session=1, tree=1, length=None):
    message = smb2_message(command, message_id, body, reply, session, tree)
    return struct.pack(">I", length or len(message)) + message


def session_setup_reply(message_id, session):
    return smb2(SESSION_SETUP, message_id, struct.pack("<HHHH", 9, 0, 72, 0), True, session, 0)


def tree_connect(message_id, path="\\\\s\\IPC$", session=1):
    name = path.encode("utf-16-le")
    return smb2(TREE_CONNECT, message_id, struct.pack("<HHHH", 9, 0, 72, len(name)) + name, session=session, tree=0)


def tree_connect_reply(message_id, tree, session=1, share=PIPE_SHARE):
    return smb2(TREE_CONNECT, message_id, struct.pack("<HBxIII", 16, share, 0, 0, 0x1F01FF), True, session, tree)


def create(message_id, name="srvsvc"):
    name = name.encode("utf-16-le")
    body = struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 3, 0, 3, 1, 0, 120, len(name), 0, 0)
    return smb2(CREATE, message_id, body + name)


def create_reply(message_id, file):
    return smb2(CREATE, message_id, struct.pack("<HBBI32xQQIIQQII", 89, 0, 0, 1, 0, 0, 0, 0, file, file, 0, 0), True)


def read(message_id, file):
    return smb2(READ, message_id, struct.pack("<HBBIQQQIIIHHB", 49, 0, 0, 4280, 0, file, file, 0, 0, 0, 0, 0, 0))
