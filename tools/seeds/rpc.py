"""RPC PDUs (C706 12.6) as streams for rpc_pdus and as associations over TCP for end_to_end."""
import struct

import wire
from seeds import packets, stubs

REQUEST, RESPONSE, FAULT, BIND, BIND_ACK, BIND_NAK, ALTER, ALTER_RESP, AUTH3, SHUTDOWN, CANCEL, ORPHANED = (
    0, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19)
NDR64 = bytes.fromhex("33057171babe37498319b5dbef9ccc36") + struct.pack("<I", 1)
FEATURES = bytes.fromhex("2c1cb76c12984045") + bytes([3]) + bytes(7) + struct.pack("<I", 1)
OBJECT, PRIVACY = 0x80, 6
TRAILER = bytes.fromhex("8ae3137102f43671")


def pdu(kind, body=b"", call_id=1, flags=wire.WHOLE, auth=None, auth_length=None, length=None, big=False, pad=0):
    """`auth`: (level, token). The lengths are as they should be, unless given."""
    order = ">" if big else "<"
    trailer = b""
    if auth:
        trailer = struct.pack(order + "BBBBI", 10, auth[0], pad, 0, 1) + auth[1]
        auth_length = len(auth[1]) if auth_length is None else auth_length
    size = 16 + len(body) + len(trailer)
    return struct.pack(order + "BBBBBxxxHHI", 5, 0, kind, flags, 0 if big else 0x10, length or size, auth_length or 0,
                       call_id) + body + trailer


def proposal(context, syntaxes, interface=wire.SRVSVC):
    return struct.pack("<HBx", context, len(syntaxes)) + interface + b"".join(syntaxes)


def bind(contexts, kind=BIND, **how):
    return pdu(kind, struct.pack("<HHIBxxx", 4280, 4280, 0, len(contexts)) + b"".join(contexts), **how)


def bind_ack(results, kind=BIND_ACK, address=b"\\PIPE\\srvsvc\0", **how):
    head = struct.pack("<HHIH", 4280, 4280, 1, len(address)) + address
    head += bytes(-(16 + len(head)) % 4) + struct.pack("<Bxxx", len(results))
    return pdu(kind, head + b"".join(struct.pack("<HH", result, 0) + syntax for result, syntax in results), **how)


def request_body(stub=wire.REQUEST, context=0, opnum=12, big=False, uuid=b""):
    return struct.pack(">IHH" if big else "<IHH", len(stub), context, opnum) + uuid + stub


def response_body(stub=wire.RESPONSE, context=0, big=False):
    return struct.pack(">IHBx" if big else "<IHBx", len(stub), context, 0) + stub


def fault_body(status, context=0):
    return struct.pack("<IHBxII", 0, context, 0, status, 0)


EXAMPLES = {
    "request": pdu(REQUEST, request_body()),
    "request-with-object": pdu(REQUEST, request_body(uuid=bytes(16)), flags=wire.WHOLE | OBJECT),
    "request-big-endian": pdu(REQUEST, request_body(big=True), big=True),
    "request-sealed": pdu(REQUEST, request_body() + bytes(8), auth=(PRIVACY, b"t" * 16), pad=8),
    "response": pdu(RESPONSE, response_body()),
    "fault": pdu(FAULT, fault_body(5)),
    "fault-without-reserved-bytes": pdu(FAULT, fault_body(5)[:12]),
    "fault-sealed": pdu(FAULT, fault_body(5), auth=(PRIVACY, b"t" * 16), pad=255),
    "bind": bind([proposal(0, [wire.NDR]), proposal(1, [NDR64]), proposal(2, [FEATURES])]),
    "bind-ack": bind_ack([(0, wire.NDR), (2, bytes(20)), (3, bytes(20))]),
    "bind-nak": pdu(BIND_NAK, struct.pack("<HB", 4, 0)),
    "alter-context": bind([proposal(3, [wire.NDR])], ALTER),
    "alter-context-response": bind_ack([(0, wire.NDR)], ALTER_RESP, b""),
    "auth3": pdu(AUTH3, bytes(4), auth=(2, b"t" * 16)),
    "shutdown": pdu(SHUTDOWN), "cancel": pdu(CANCEL), "orphaned": pdu(ORPHANED),
}


def shorter(whole):
    """The PDU with each smaller length in its header: fields do not fit what it says it is."""
    order = ">" if whole[4] == 0 else "<"
    auth_length = struct.unpack_from(order + "H", whole, 10)[0]
    end = min(len(whole), 200)
    tail = whole[len(whole) - auth_length - 8:] if auth_length else b""
    for size in range(16, end - len(tail)):
        yield whole[:8] + struct.pack(order + "H", size + len(tail)) + whole[10:size] + tail


BROKEN = {
    "length-below-the-header": pdu(REQUEST, request_body(), length=15),
    "version-4": b"\4" + EXAMPLES["request"][1:],
    "version-5-2": b"\5\2" + EXAMPLES["request"][2:],
    "unknown-type": pdu(9, bytes(8)),
    "type-beyond-the-last": pdu(20, bytes(8)),
    "data-representation": EXAMPLES["request"][:4] + b"\x22" + EXAMPLES["request"][5:],
    "float-representation": EXAMPLES["request"][:5] + b"\4" + EXAMPLES["request"][6:],
    "reserved-representation": EXAMPLES["request"][:6] + b"\1" + EXAMPLES["request"][7:],
    "reserved-representation-2": EXAMPLES["request"][:7] + b"\1" + EXAMPLES["request"][8:],
    "auth-beyond-the-pdu": pdu(REQUEST, request_body(), auth_length=500),
    "cancel-auth-beyond-the-pdu": pdu(CANCEL, bytes(8), auth_length=500),
    "orphaned-auth-beyond-the-pdu": pdu(ORPHANED, bytes(8), auth_length=500),
    "shutdown-auth-beyond-the-pdu": pdu(SHUTDOWN, bytes(8), auth_length=500),
    "auth-of-the-whole-pdu": pdu(REQUEST, bytes(20), auth_length=12),
    "auth-pad-beyond-the-stub": pdu(REQUEST, request_body(b""), auth=(PRIVACY, b"t" * 16), pad=200),
    "bind-with-more-contexts-than-bytes": bind([proposal(0, [wire.NDR])])[:24] + b"\xff" + bind([proposal(0, [wire.NDR])])[25:],
}


def streams():
    """For corpus/rpc_pdus: the first byte chooses the cuts."""
    for name, whole in EXAMPLES.items():
        yield f"pdu-{name}-of-every-length", b"\1" + b"".join(shorter(whole)) + whole
        yield f"pdu-{name}-cut-by-the-end", b"\2" + whole + whole[:len(whole) * 2 // 3]
    for name, whole in BROKEN.items():
        yield f"pdu-broken-{name}", b"\3" + EXAMPLES["request"] + whole + EXAMPLES["request"]
        yield f"pdu-broken-{name}-cut-by-the-end", b"\4" + whole[:-1]
    for size in (1, 15, 16, 17, 20, 23, 24, 60):
        yield f"pdu-request-cut-after-{size}", b"\5" + EXAMPLES["request"][:size]
    for name in ("response", "fault", "bind", "bind-ack", "request-with-object"):
        yield f"pdu-{name}-cut-in-its-body", b"\6" + EXAMPLES[name][:21]
    yield "pdu-sealed-then-one-in-clear-cut-by-the-end", b"\2" + EXAMPLES["request-sealed"] + EXAMPLES["request"][:30]
    yield "pdu-bind-that-negotiates-twice", b"\2" + bind([proposal(0, [wire.NDR]), proposal(1, [FEATURES, FEATURES])])
    for size in (199, 200, 201):  # the target's cap is 200
        yield f"pdu-fragments-of-{size}-bytes", b"\2" + b"".join(parts(request_body, bytes(size), 100, REQUEST))
    yield "pdu-among-garbage", b"\7" + b"garbage\5\0\0" + EXAMPLES["request"] + b"\5" * 40 + EXAMPLES["response"] + b"\5"


def said_at_once(said):
    """What both sides say, as one stream; what is not captured is left out."""
    for part in said:
        for one in part if isinstance(part, (list, tuple)) else [part]:
            yield one if isinstance(one, bytes) else b""


def associations_at_once():
    """For corpus/rpc_pdus: an even first byte leaves no hole."""
    for name, said in associations():
        yield f"association-{name}", b"\2" + b"".join(said_at_once(said))


class Spoken:
    """An association over TCP, from what is asked and told in turn; a number skips so many bytes."""

    def __init__(self, *said, ports=(40000, 49664)):
        out = packets.Collected()
        connection = wire.Connection(out, ports=ports)
        for number, part in enumerate(said):
            self.say(connection, number % 2, part)
        self.packets = out.packets

    @staticmethod
    def say(connection, side, part):
        for one in part if isinstance(part, (list, tuple)) else [part]:
            if isinstance(one, int):
                connection._next[side] += one
            elif one:
                (connection.tell if side else connection.ask)(one)

    def content(self, options=packets.EVERY_VERDICT):
        return packets.chain(packets.RAW, self.packets[:0]) + b"".join(
            packets.piece(packets.RAW | (0 if i else options), packet) for i, packet in enumerate(self.packets))


ASK, TELL = EXAMPLES["request"], EXAMPLES["response"]
BOUND = (EXAMPLES["bind"], EXAMPLES["bind-ack"])
LIST = stubs.Info(level=502, sessions=[stubs.Session(), stubs.Session(None, "", cltype=None)] * 3)
LONG = stubs.response(info=LIST)
# One letter of each kind that is escaped, wide or combining, and those beside it.
LETTERS = "".join(map(chr, (
    0x1F, 0x20, 0x7E, 0x7F, 0x9F, 0xA0, 0xAC, 0xAD, 0xAE, 0x300, 0x36F, 0x370, 0x61C, 0x1100, 0x115F, 0x1160, 0x180E, 0x200A,
    0x200B, 0x200F, 0x2010, 0x2028, 0x202E, 0x202F, 0x2060, 0x206F, 0x2070, 0x20D0, 0x2E80, 0x3041, 0x3250, 0x4E00, 0xA960,
    0xAC00, 0xE000, 0xF900, 0xFE00, 0xFE10, 0xFE20, 0xFE30, 0xFEFF, 0xFF01, 0xFFE0, 0xFFEF, 0xFFF0, 0xFFFB, 0xFFFC, 0x1342F,
    0x13430, 0x1343F, 0x13440, 0x17000, 0x1BCA0, 0x1BCA3, 0x1BCA4, 0x1D172, 0x1D173, 0x1D17A, 0x1D17B, 0x1F300, 0x1F900,
    0x20000, 0xE0000, 0xE0FFF, 0xE1000)))

# What stands for nothing in a log, and what starts a formula.
MARKS = ("-", "(empty)", "=", "+", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "'")


def parts(make, stub, size, kind, **how):
    return [pdu(kind, make(stub[at:at + size]), flags=(1 if at == 0 else 0) | (2 if at + size >= len(stub) else 0), **how)
            for at in range(0, len(stub), size)]


def trailed(commands, residue=b"", after=b""):
    """A request with a verification trailer (MS-RPCE 2.2.2.13)."""
    stub = wire.REQUEST + residue
    return pdu(REQUEST, request_body(stub + bytes(-len(stub) % 4) + TRAILER + commands + after))


def associations():
    """How calls go wrong -> what is asked and told, in turn."""
    yield "whole", (*BOUND, ASK, TELL)
    yield "no-bind", (ASK, TELL)
    yield "no-bind-ndr64", (pdu(REQUEST, request_body(stubs.request(stubs.Format(True)))),
                            pdu(RESPONSE, response_body(stubs.response(stubs.Format(True), info=LIST))))
    yield "no-bind-garbage", (pdu(REQUEST, request_body(b"\xff" * 30)), pdu(RESPONSE, response_body(b"\xee" * 30)))
    yield "no-bind-other-operation", (pdu(REQUEST, request_body(opnum=3)), TELL)
    yield "no-bind-odd-but-tidy", (pdu(REQUEST, request_body(stubs.request(client="\\\\A\0B", user=stubs.Text(b"\0\xd8\0\0"), alike=True, fill=9))),
                                   pdu(RESPONSE, response_body(stubs.response(info=stubs.Info(3, container=False)))))
    yield "bind-refused", (EXAMPLES["bind"], EXAMPLES["bind-nak"], ASK, TELL)
    yield "bind-without-answer", (EXAMPLES["bind"], b"", ASK, TELL)
    yield "context-refused", (EXAMPLES["bind"], bind_ack([(2, bytes(20))] * 3), ASK, TELL)
    yield "context-of-another-syntax", (bind([proposal(0, [b"\1" * 20])]), bind_ack([(0, b"\1" * 20)]), ASK, TELL)
    yield "context-of-another-interface", (bind([proposal(0, [wire.NDR], b"\2" * 20)]), bind_ack([(0, wire.NDR)]), ASK, TELL)
    yield "context-of-another-version", (bind([proposal(0, [wire.NDR], wire.SRVSVC[:16] + struct.pack("<HH", 4, 0))]),
                                         bind_ack([(0, wire.NDR)]), ASK, TELL)
    yield "context-without-syntax", (bind([proposal(0, [])]), bind_ack([(0, wire.NDR)]), ASK, TELL)
    yield "context-behind-a-negotiation", (bind([proposal(0, [wire.NDR]), proposal(2, [FEATURES]), proposal(1, [NDR64])]),
                                           bind_ack([(0, wire.NDR), (3, bytes(20)), (0, NDR64)]), pdu(REQUEST, request_body(context=1)))
    yield "context-unknown", (*BOUND, pdu(REQUEST, request_body(context=9)), pdu(RESPONSE, response_body(context=9)))
    yield "answer-to-no-bind", (b"", EXAMPLES["bind-ack"], *BOUND, ASK, TELL)
    yield "binds-beyond-those-kept", ([bind([proposal(0, [wire.NDR])], call_id=i) for i in range(12)], EXAMPLES["bind-ack"], ASK, TELL)
    yield "contexts-beyond-the-cap", (bind([proposal(i, [wire.NDR]) for i in range(6)]), bind_ack([(0, wire.NDR)] * 6), ASK, TELL)
    yield "alter-context", (*BOUND, EXAMPLES["alter-context"], EXAMPLES["alter-context-response"],
                            pdu(REQUEST, request_body(context=3)), pdu(RESPONSE, response_body(context=3)))
    yield "other-pdus", (*BOUND, [EXAMPLES["auth3"], EXAMPLES["cancel"], EXAMPLES["orphaned"], ASK], [EXAMPLES["shutdown"], TELL])
    yield "fragments", (*BOUND, parts(request_body, wire.REQUEST, 16, REQUEST), parts(response_body, LONG, 100, RESPONSE))
    yield "fragments-without-the-first", (*BOUND, parts(request_body, wire.REQUEST, 16, REQUEST)[1:],
                                          parts(response_body, LONG, 100, RESPONSE)[1:])
    yield "fragments-without-the-last", (*BOUND, parts(request_body, wire.REQUEST, 16, REQUEST)[:-1],
                                         parts(response_body, LONG, 100, RESPONSE)[:-1])
    yield "fragments-started-twice", (*BOUND, parts(request_body, wire.REQUEST, 16, REQUEST)[:1] + [ASK],
                                      parts(response_body, LONG, 100, RESPONSE)[:1] + [TELL])
    yield "fragments-of-many-calls", (*BOUND, [parts(request_body, wire.REQUEST, 16, REQUEST, call_id=i)[0] for i in range(6)],
                                      [parts(response_body, LONG, 100, RESPONSE, call_id=i)[0] for i in range(6)])
    yield "many-calls-at-once", (*BOUND, [pdu(REQUEST, request_body(), call_id=i) for i in range(6)],
                                 [pdu(RESPONSE, response_body(), call_id=i) for i in range(6)])
    yield "call-id-again", (*BOUND, [ASK, ASK], [TELL, TELL])
    yield "other-operation-then-ours", (*BOUND, [pdu(REQUEST, request_body(opnum=9)), ASK], [TELL, TELL])
    yield "answers-alone", (b"", [TELL, pdu(RESPONSE, response_body(LONG), call_id=2), pdu(FAULT, fault_body(5), call_id=3)])
    yield "answers-alone-when-bound", (*BOUND, b"", [TELL, pdu(RESPONSE, response_body(LONG), call_id=2), pdu(FAULT, fault_body(5), call_id=3)])
    yield "answer-before-request", (*BOUND, b"", TELL, ASK)
    yield "fault-before-request", (*BOUND, b"", EXAMPLES["fault"], ASK)
    yield "answer-before-another-operation", (*BOUND, b"", TELL, pdu(REQUEST, request_body(opnum=9)))
    for status in (5, 0x1C010002, 0x1C010003, 0x6F7, 0x1C000006, 0x000006D1, 0x77777777, 0xFFFFFFFF):
        yield f"fault-{status:x}", (*BOUND, ASK, pdu(FAULT, fault_body(status)))
    yield "sealed-without-key", (*BOUND, EXAMPLES["request-sealed"], pdu(RESPONSE, response_body() + bytes(8), auth=(PRIVACY, b"t" * 16), pad=8))
    yield "sealed-bind-then-cut", (bind([proposal(0, [wire.NDR])], auth=(PRIVACY, b"NTLMSSP\0\1\0\0\0" + bytes(20))), EXAMPLES["bind-ack"],
                                   EXAMPLES["request-sealed"][:60])
    yield "gap-in-request", (*BOUND, [ASK[:30], 10, ASK[40:], ASK], [TELL, TELL])
    yield "gap-in-request-header", (*BOUND, [ASK[:10], 10, ASK[20:], ASK], [TELL, TELL])
    yield "gap-in-request-before-the-opnum", (*BOUND, [ASK[:20], 10, ASK[30:], ASK], [TELL, TELL])
    yield "gap-in-response", (*BOUND, [ASK, ASK], [TELL[:30], 10, TELL[40:], TELL])
    yield "gap-over-two-requests", (*BOUND, [ASK[:30], len(ASK) + 10, ASK[40:]], [TELL, TELL])
    yield "gap-twice-in-request", (*BOUND, [ASK[:30], 5, ASK[35:40], 5, ASK[45:], ASK], [TELL, TELL])
    yield "gap-before-the-answer", (*BOUND, ASK, [500, TELL, TELL])
    yield "gap-between-question-and-answer", (*BOUND, [ASK, 500, ASK], [TELL, TELL])
    yield "malformed-answer", (*BOUND, ASK, pdu(RESPONSE, b"\0\0\0"))
    yield "malformed-request", (*BOUND, pdu(REQUEST, b"\0\0\0"), TELL)
    end = struct.pack("<HH", 0x4001, 4) + bytes(4)
    yield "trailer", (*BOUND, trailed(struct.pack("<HH", 2, 0) + end), TELL)
    yield "trailer-after-residue", (*BOUND, trailed(end, b"res"), TELL)
    yield "trailer-after-much", (*BOUND, trailed(end, bytes(40)), TELL)
    yield "trailer-before-more", (*BOUND, trailed(end, after=b"more"), TELL)
    for size in (0, 1, 3, 6):
        yield f"trailer-cut-after-{size}", (*BOUND, trailed(end[:size]), TELL)
    yield "trailer-without-end", (*BOUND, trailed(struct.pack("<HH", 2, 0) * 3), TELL)
    yield "request-with-a-long-tail", (*BOUND, pdu(REQUEST, request_body(wire.REQUEST + bytes(1500))), TELL)
    yield "response-with-a-tail", (*BOUND, ASK, pdu(RESPONSE, response_body(wire.RESPONSE + b"tail")))
    yield "long-list", (*BOUND, ASK, pdu(RESPONSE, response_body(LONG)))
    yield "letters", (*BOUND, ASK, pdu(RESPONSE, response_body(stubs.response(
        info=stubs.Info(level=10, sessions=[stubs.Session(stubs.Text(b"\0\xd8\0\xe0A\0\0\0"), LETTERS)])))))
    yield "names-that-mean-something-else", (*BOUND, ASK, pdu(RESPONSE, response_body(stubs.response(info=stubs.Info(
        level=10, sessions=[stubs.Session(name + "1", name) for name in MARKS])))))
    yield "more-data", (*BOUND, pdu(REQUEST, request_body(stubs.request(client="\\\\WS1", user="bob", most=1, handle=3))),
                        pdu(RESPONSE, response_body(stubs.response(info=LIST, total=9, handle=6, status=234))))
    yield "unknown-status", (*BOUND, ASK, pdu(RESPONSE, response_body(stubs.response(status=0x12345))))
    for size in (0, 4, 8, 20, 28):
        yield f"answer-of-{size}-bytes", (*BOUND, pdu(REQUEST, request_body(wire.REQUEST[:size])), pdu(RESPONSE, response_body(wire.RESPONSE[:size])))
    big = stubs.Format(big=True)
    yield "big-endian", (*BOUND, pdu(REQUEST, request_body(stubs.request(big), big=True), big=True),
                         pdu(RESPONSE, response_body(stubs.response(big, info=LIST), big=True), big=True))


LITTLE_ROOM = ("fragments", "fragments-of-many-calls", "many-calls-at-once", "contexts-beyond-the-cap", "long-list",
               "request-with-a-long-tail", "answers-alone")


def at_once(*spoken):
    all_of_them = Spoken()
    all_of_them.packets = [packet for one in spoken for packet in one.packets]
    return all_of_them.content(packets.EVERY_VERDICT | packets.LITTLE_ROOM)


def all_but_full():
    """Unanswered calls and fragments that take, with little room, what stubs may take."""
    yield Spoken(*BOUND, [pdu(REQUEST, request_body(), call_id=call) for call in (2, 3)], ports=(39999, 49664))
    yield Spoken(*BOUND, [part for call in (2, 3) for part in parts(request_body, bytes(192), 8, REQUEST, call_id=call)[:-1]],
                 ports=(39998, 49664))


def conversations():
    """For corpus/end_to_end."""
    for name, said in associations():
        spoken = Spoken(*said)
        yield f"rpc-{name}", spoken.content()
        if name in LITTLE_ROOM:
            yield f"rpc-{name}-little-room", packets.padded(
                spoken.content(packets.EVERY_VERDICT | packets.LITTLE_ROOM), packets.DOCUMENTS_UNIT)
        if name == "long-list":
            yield f"rpc-{name}-watched", packets.padded(spoken.content(packets.LAST_BIT), packets.DOCUMENTS_UNIT)
    begun = [Spoken(*BOUND, [parts(request_body, bytes(400), 190, REQUEST, call_id=call)[0] for call in (2, 3)],
                    ports=(40000 + port, 49664)) for port in range(4)]
    yield "rpc-fragments-of-many-connections-little-room", at_once(*begun)
    half = Spoken(*BOUND, pdu(REQUEST, request_body(bytes(1500)))[:1100], ports=(39997, 49664))
    yield "rpc-room-of-all-connections-little-room", at_once(*all_but_full(), half)


def reported():
    """For corpus/report_page: answers of which a report shows more than one line."""
    yield "unanswered", Spoken(*BOUND, ASK).content()
    yield "fault", Spoken(*BOUND, ASK, EXAMPLES["fault"]).content()
    crowd = stubs.Info(level=0, sessions=[stubs.Session(cname=None)] * 1001)  # the page shows 1,000 at first
    yield "more-sessions-than-are-shown-at-first", Spoken(*BOUND, ASK, pdu(RESPONSE, response_body(stubs.response(info=crowd)))).content()
    long = stubs.Info(level=10, sessions=[stubs.Session(time=200_000, idle=180_000)])
    yield "a-session-of-days", Spoken(*BOUND, ASK, pdu(RESPONSE, response_body(stubs.response(info=long)))).content()
    places = stubs.Info(level=10, sessions=[stubs.Session(place, "b") for place in "ABC"])
    told = pdu(RESPONSE, response_body(stubs.response(info=stubs.Info(level=10, sessions=[stubs.Session("A", "b")]))))
    yield "answer-when-there-is-no-room-little-room", at_once(*all_but_full(), Spoken(*BOUND, b"", told))
    yield "a-user-of-many-workstations-little-room", Spoken(
        *BOUND, ASK, pdu(RESPONSE, response_body(stubs.response(info=places)))).content(packets.LITTLE_ROOM)
