"""Captures made for the report: a day at an office, names that mean harm, and a crowd.

usage: report_scenes.py SCENE FILE

SCENE is office, hostile or crowd.
"""
import pathlib
import random
import struct
import sys

import wire

START = 1773129600  # 2026-03-10 08:00 UTC


class TimedWriter(wire.PcapWriter):
    """Packets at times of the scene's choosing; each `write` goes on by a few microseconds."""

    def __init__(self, file, start):
        super().__init__(file)
        self._file, self.now_us = file, start * 10**6

    def at(self, seconds):
        self.now_us = max(self.now_us, int(seconds * 10**6))

    def write(self, ip):
        self.now_us += 137
        size = len(ip) + 14
        self._file.write(struct.pack("<IIII", *divmod(self.now_us, 10**6), size, size))
        self._file.write(b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + ip)
        self.packets += 1


def address(a, b, c, d):
    return a << 24 | b << 16 | c << 8 | d


def string(text):
    """A conformant varying string with its terminator, aligned."""
    units = (text + "\0").encode("utf-16-le", "surrogatepass")
    count = len(units) // 2
    return struct.pack("<III", count, 0, count) + units + bytes(-len(units) % 4)


def as_samba(server):
    """A request as rpcclient makes it: ServerName given, level 1, pointer ids counted."""
    out = struct.pack("<I", 0x20000) + string(server) + struct.pack("<I", 0x20004) + string("")
    out += struct.pack("<I", 0x20008) + string("") + struct.pack("<4I", 1, 1, 0x2000C, 0)
    return out + struct.pack("<II", 0, 0xFFFFFFFF) + struct.pack("<I", 0)


def as_impacket(chance):
    """A request as impacket makes it: ServerName NULL, pointer ids at random."""
    ids = [chance.randrange(1, 1 << 16) for _ in range(4)]
    out = struct.pack("<I", 0) + struct.pack("<I", ids[0]) + string("") + struct.pack("<I", ids[1]) + string("")
    return out + struct.pack("<7I", 10, 10, ids[2], 0, 0, 0xFFFFFFFF, ids[3]) + struct.pack("<I", 0)


def answer(level, sessions, status=0):
    """Level 10: (cname, username, time, idle); level 1 has opens and flags besides. A name that is None is NULL."""
    head, names, referent = b"", b"", 0x20008
    for cname, username, time, idle in sessions:
        ids = []
        for name in (cname, username):
            ids.append(0 if name is None else referent)
            names += b"" if name is None else string(name)
            referent += 4
        head += struct.pack("<II", *ids)
        head += struct.pack("<IIII", 1, time, idle, 0) if level == 1 else struct.pack("<II", time, idle)
    count = len(sessions)
    array = struct.pack("<II", 0x20004, count) + head + names if count else struct.pack("<I", 0)
    # Level 10 is asked for with a resume handle here, level 1 without.
    handle = struct.pack("<II", 0x2FFFC, 0) if level == 10 else struct.pack("<I", 0)
    return struct.pack("<4I", level, level, 0x20000, count) + array + struct.pack("<I", count) + handle + struct.pack("<I", status)


DENIED = answer(10, [], 5)


class Scene:
    def __init__(self, file, start=START):
        self.out = TimedWriter(file, start)
        self._port = 49700

    def call(self, when, client, server, request, response):
        self.out.at(when)
        self._port += 1
        connection = wire.bound(self.out, client=client, server=server, ports=(self._port % 65536, 49664))
        connection.ask(wire.request(2, request))
        if response is not None:
            connection.tell(wire.fragments(wire.response, 2, response))
        connection.reset()


USERS = ("a.meyer b.okafor c.rossi d.kim e.novak f.silva g.larsen h.tanaka i.weber j.dubois k.horvat l.moreno "
         "m.schmidt n.ivanova o.brien p.kowalski q.nguyen r.fischer s.haddad t.jensen svc_backup svc_sql "
         "adm_keller adm_ruiz FS02$ WEB01$").split()


def office(file):
    """Somebody sweeps fourteen servers in a minute while an administrator's monitoring goes on."""
    scene, chance = Scene(file), random.Random(12)
    servers = [address(10, 20, 0, 10 + i) for i in range(14)]
    started = {}  # when each session began

    def sessions_at(server, now):
        host = chance.__class__(server)
        for user in host.sample(USERS, host.randrange(3, 9)):
            workstation = f"10.20.4.{20 + USERS.index(user)}"
            began = started.setdefault((server, user), START - host.choice((40, 900, 4000, 15000, 60000, 130000)))
            yield f"\\\\{workstation}", user, int(now - began), int((now - began) * host.random() ** 3)

    for round_ in range(12):
        now = START + 600 * round_
        for server in servers[:3]:
            scene.call(now, address(10, 20, 1, 5), server, as_samba("\\\\FS01"), answer(1, list(sessions_at(server, now))))
    sweep = START + 600 * 12 + 130
    for i, server in enumerate(servers):
        refused = i % 4 == 3
        scene.call(sweep + 4 * i, address(10, 20, 4, 37), server, as_impacket(chance),
                   DENIED if refused else answer(10, list(sessions_at(server, sweep))))
    scene.call(sweep + 90, address(10, 20, 1, 5), servers[0], as_samba("\\\\FS01"), None)


HOSTILE = ["</script><img src=x onerror=alert(1)>", "<svg onload=alert(2)>", "\" onmouseover=\"alert(3)", "' autofocus onfocus='alert(4)",
           "<!--<script>", "-->", "]]>", "<!--sessenum:data-->", "{{script}}", "&lt;b&gt;", "javascript:alert(5)",
           "\u202Eexe.txt", "a\u0000b", "\u001b[31mred", "\ud800", "=cmd|' /C calc'!A0", "__proto__", "constructor",
           "toString", "x" * 600, "\u2028\u2029", "<template>", "</template></table>", "<plaintext>", "%3Cscript%3E", "\\\\", ""]


def hostile(file):
    """Names that would be markup, script, steering or confusion, as users and as computers."""
    scene = Scene(file)
    pairs = [(name, f"user{i}", 60 + i, i) for i, name in enumerate(HOSTILE)]
    pairs += [(f"\\\\WS{i}", name, 4000 + i, 30 * i) for i, name in enumerate(HOSTILE)]
    pairs += [(None, None, 0xFFFFFFFF, 0xFFFFFFFF), (None, "nobody", 0, 0)]
    scene.call(START, address(10, 20, 4, 37), address(10, 20, 0, 10), as_samba(f"\\\\{HOSTILE[0]}"), answer(1, pairs))


def crowd(file, calls=6000):
    """Thousands of calls by hundreds of askers, each with a few sessions."""
    scene, chance = Scene(file), random.Random(7)
    for i in range(calls):
        client, server = address(10, 30, chance.randrange(4), chance.randrange(100)), address(10, 40, 0, chance.randrange(120))
        told = [(f"\\\\PC{chance.randrange(3000)}", f"user{chance.randrange(2000)}", chance.randrange(90000), chance.randrange(3000))
                for _ in range(chance.randrange(5))]
        scene.call(START + 5 * i, client, server, as_impacket(chance), answer(10, told) if i % 9 else DENIED)


SCENES = {scene.__name__: scene for scene in (office, hostile, crowd)}


def main():
    name, path = sys.argv[1:]
    with pathlib.Path(path).open("wb") as file:
        SCENES[name](file)


if __name__ == "__main__":
    main()
