#!/usr/bin/python3
"""Captures made to fill the caps of dissector/base/limits.h: memory stays within bounds, and each cap is reported.

usage: limits_test.py --sessenum PROGRAM [--most-mib MIB] [--keep FOLDER] [ATTACK...]
       limits_test.py --list
       limits_test.py --self-test

Each attack is a capture that is written, replayed with `--format ndjson`, and deleted (--keep FOLDER keeps it as
FOLDER/ATTACK.pcap). It must end well, within time, with a summary that names the cap under `limits_hit`, and with a
peak of resident memory below MIB. Without --most-mib memory is not looked at: sanitizers multiply it.
"""
import argparse
import concurrent.futures
import functools
import json
import os
import pathlib
import re
import struct
import sys
import tempfile
import time

import wire

TOP = pathlib.Path(__file__).resolve().parent.parent
SECONDS = 300  # for a run; a release build takes about one
ATTACKS = {}  # name: (function, caps)

# Attacks that take more than --most-mib: what a connection is worth in itself has no cap but Limits::flows.
MORE_MIB = {"rpc_connections_without_end": 192, "smb_connections_without_end": 448}

# Caps that have no attack here, and the test that has.
ELSEWHERE = {
    "smb_message_bytes": "dissector/smb/framing_test.cc",  # needs compression: framing cannot claim as much
    "smb_expansion_bytes": "dissector/smb/smb2_compressed_connection_test.cc",
    "key_complaints": "dissector/smb/smb3_unsealer_test.cc",  # needs keys and what they do not fit
}


def attack(*caps):
    def register(function):
        ATTACKS[function.__name__] = (function, caps)
        return function
    return register


def many_connections(out, count, **more):
    """`count` connections with srvsvc bound, each from a client of its own."""
    for number in range(count):
        yield wire.bound(out, client=wire.CLIENT + number, **more)


# --- TCP and IP ------------------------------------------------------------------------------------------------------

@attack("flows")
def syn_flood(out):
    for number in range(300_000):
        out.write(wire.tcp(wire.CLIENT + (number >> 14), wire.SERVER, (1024 + (number & 0x3FFF), 445), number, 0,
                           wire.SYN))


@attack("flows")
def rpc_connections_without_end(out):
    for number in range(80_000):
        connection = wire.Connection(out, client=wire.CLIENT + number, handshake=False)
        connection.ask(wire.bind())


@attack("flows")
def smb_connections_without_end(out):
    """Each with a pipe."""
    for number in range(80_000):
        connection = smb_connection(out, client=wire.CLIENT + number, handshake=False)
        connection.ask(wire.create(2))
        connection.tell(wire.create_reply(2, 7))


@attack("datagrams")
def lone_fragments(out):
    for number in range(300_000):
        out.write(wire.ipv4(wire.CLIENT + (number >> 16), wire.SERVER, bytes(64), identification=number, more=True))


@attack("datagram_bytes")
def long_fragments(out):
    for number in range(600):
        for offset in range(0, 60_000, 7_504):
            out.write(wire.ipv4(wire.CLIENT, wire.SERVER, bytes(7_504), identification=number, offset=offset,
                                more=True))


@attack("datagram_bytes")
def tiny_fragments(out):
    """Eight bytes each, with a hole behind each: what they cost is what is kept about them."""
    for number in range(100):
        for offset in range(0, 65_000, 16):
            out.write(wire.ipv4(wire.CLIENT, wire.SERVER, bytes(8), identification=number, offset=offset, more=True))


@attack("flow_bytes")
def holes_never_filled(out):
    connection = wire.bound(out)
    for _ in range(3_000):
        connection.skip(1_000)
        connection.ask(bytes(1_000))


@attack("flow_bytes")
def holes_between_single_bytes(out):
    connection = wire.bound(out)
    for _ in range(100_000):
        connection.skip(1)
        connection.ask(b"x")


@attack("total_flow_bytes")
def holes_in_many_connections(out):
    for connection in many_connections(out, 100):
        connection.skip(1)
        for _ in range(12):
            connection.ask(bytes(60_000))


@attack("total_history_bytes")
def bytes_to_compare_in_many_connections(out):
    for connection in many_connections(out, 2_500):
        connection.ask(bytes(20_000))


@attack()
def long_messages_in_many_connections(out):
    """Each was waited for in a buffer that must not stay."""
    for connection in many_connections(out, 2_000, most=32_000):
        connection.ask(wire.request(2, bytes(60_000)))
        connection.tell(wire.response(2))


# --- RPC -------------------------------------------------------------------------------------------------------------

@attack("stub_bytes")
def request_without_end(out):
    connection = wire.bound(out)
    connection.ask(wire.request(2, bytes(60_000), wire.FIRST))
    for _ in range(400):
        connection.ask(wire.request(2, bytes(60_000), 0))


@attack("frames")
def request_of_tiny_fragments(out):
    connection = wire.bound(out)
    connection.ask(wire.request(2, bytes(8), wire.FIRST))
    for _ in range(100_000):
        connection.ask(wire.request(2, bytes(8), 0))


@attack("total_stub_bytes")
def unfinished_requests_in_many_connections(out):
    for connection in many_connections(out, 1_000):
        connection.ask(wire.request(2, bytes(60_000), wire.FIRST))


@attack("total_stub_bytes")
def unfinished_pdus_in_many_connections(out):
    for connection in many_connections(out, 1_000):
        connection.ask(wire.pdu(0, 2, bytes(60_000), length=65_535))


@attack("rpc_contexts")
def alter_contexts(out):
    connection = wire.bound(out)
    for first in range(0, 65_535, 255):
        contexts = range(first, min(first + 255, 65_535))
        connection.ask(wire.bind(2 + first, contexts, kind=14))
        connection.tell(wire.bind_ack(2 + first, len(contexts), kind=15))


@attack("rpc_calls")
def requests_never_answered(out):
    connection = wire.bound(out)
    for call_id in range(2, 100_002):
        connection.ask(wire.request(call_id))


@attack("rpc_calls")
def requests_never_finished(out):
    connection = wire.bound(out)
    for call_id in range(2, 100_002):
        connection.ask(wire.request(call_id, bytes(8), wire.FIRST))


@attack("total_stub_bytes")
def calls_never_answered_in_many_connections(out):
    for connection in many_connections(out, 400):
        for call_id in range(2, 502):
            connection.ask(wire.request(call_id, wire.REQUEST + bytes(200)))


# --- what is decoded and judged --------------------------------------------------------------------------------------

def response_of(count, entries):
    return (struct.pack("<6I", 0, 0, 0x20000, count, 0x20004, count) + entries + struct.pack("<3I", count, 0, 0))


@attack("sessions")
def sessions_of_null_names(out):
    connection = wire.bound(out)
    connection.ask(wire.request(2))
    connection.tell(wire.fragments(wire.response, 2, response_of(500_000, bytes(4 * 500_000))))


@attack("anomalies")
def names_that_are_all_wrong(out):
    count = 5_000
    names = b"".join(struct.pack("<I", 0x20008 + 4 * i) for i in range(count))
    names += struct.pack("<IIIHH", 2, 1, 1, 0x41, 0) * count  # offset 1, no terminator
    connection = wire.bound(out)
    connection.ask(wire.request(2))
    connection.tell(wire.fragments(wire.response, 2, response_of(count, names)))


@attack("judged_series")
def clients_and_servers_without_end(out):
    for number in range(20_000):
        connection = wire.bound(out, client=wire.CLIENT + number, server=wire.SERVER + number)
        connection.ask(wire.request(2))
        connection.tell(wire.response(2))
        connection.reset()


@attack("waiting_calls")
def calls_behind_one_without_an_answer(out):
    wire.bound(out).ask(wire.request(2))
    connection = wire.bound(out, ports=(40001, 49664))
    for call_id in range(2, 40_002):
        connection.ask(wire.request(call_id))
        connection.tell(wire.response(call_id))


@attack("waiting_bytes")
def long_calls_behind_one_without_an_answer(out):
    wire.bound(out).ask(wire.request(2))
    connection = wire.bound(out, ports=(40001, 49664))
    for call_id in range(2, 1_002):
        connection.ask(wire.request(call_id, wire.REQUEST + bytes(50_000)))
        connection.tell(wire.response(call_id))


# --- SMB2 ------------------------------------------------------------------------------------------------------------

def smb_connection(out, **where):
    connection = wire.Connection(out, ports=(40000, 445), **where)
    connection.ask(wire.tree_connect(1))
    connection.tell(wire.tree_connect_reply(1, tree=1))
    return connection


@attack("smb_sessions")
def sessions(out):
    connection = smb_connection(out)
    for number in range(65_000):
        connection.tell(wire.session_setup_reply(2 + number, 2 + number))


@attack("smb_known_sessions")
def sessions_in_many_connections(out):
    for number in range(60):
        connection = smb_connection(out, client=wire.CLIENT + number)
        for session in range(1_000):
            connection.ask(wire.tree_connect(2 + session, session=2 + session))


@attack("smb_trees")
def trees(out):
    connection = smb_connection(out)
    for number in range(65_000):
        connection.ask(wire.tree_connect(2 + number))
        connection.tell(wire.tree_connect_reply(2 + number, 2 + number))


@attack("smb_opens")
def opens(out):
    connection = smb_connection(out)
    for number in range(65_000):
        connection.ask(wire.create(2 + number))
        connection.tell(wire.create_reply(2 + number, 2 + number))


@attack("smb_requests")
def smb_requests_never_answered(out):
    connection = smb_connection(out)
    connection.ask(wire.create(2))
    connection.tell(wire.create_reply(2, 7))
    for number in range(65_000):
        connection.ask(wire.read(3 + number, 7))


@attack("smb_name_bytes", "smb_requests")
def long_names(out):
    connection = smb_connection(out)
    for number in range(1_500):
        connection.ask(wire.create(2 + number, "n" * 15_000))
    for number in range(5_000):
        connection.ask(wire.tree_connect(2_000 + number, "\\\\s\\" + "p" * 1_000))


@attack("total_smb_bytes")
def unfinished_smb_messages(out):
    for number in range(7):
        connection = smb_connection(out, client=wire.CLIENT + number)
        connection.ask(wire.smb2(9, 2, b"", length=0xFFFFFF))
        for _ in range(220):
            connection.ask(bytes(60_000))


# --- running ---------------------------------------------------------------------------------------------------------

class Outcome:
    def __init__(self, problems, mib, seconds, size, hits):
        self.problems, self.mib, self.seconds, self.size, self.hits = problems, mib, seconds, size, hits


def start(command, out):
    """Spawns it from a small process: what its parent had in memory counts as the child's until it is replaced."""
    actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
    return os.posix_spawn(command[0], command, os.environ, file_actions=actions)


def wait(pid):
    """Exit status, the peak of resident memory in MiB, and seconds; -1 where it had to be killed."""
    began = time.monotonic()
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        seconds = time.monotonic() - began
        if done:
            return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024, seconds
        if seconds > SECONDS:
            os.kill(pid, 9)
            os.wait4(pid, 0)
            return -1, 0, seconds
        time.sleep(0.01)


def last_line(file):
    """Without reading what comes before: some attacks print a hundred thousand calls."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 4096))
    lines = file.read().splitlines()
    return lines[-1].decode("utf-8", "replace") if lines else ""


def problems_of(status, mib, line, caps, most_mib):
    if status != 0:
        yield f"exit status {status}" if status != -1 else f"no end after {SECONDS} s"
    try:
        hits = json.loads(line)["limits_hit"]
    except (ValueError, KeyError):
        yield f"no summary: {line[:300]}"
        return
    for cap in caps:
        if cap not in hits:
            yield f"{cap} is not reported; limits_hit is {hits}"
    if most_mib is not None and mib > most_mib:
        yield f"took {mib:.0f} MiB of memory, more than {most_mib}"


def try_one(program, most_mib, folder, name):
    make, caps = ATTACKS[name]
    path = pathlib.Path(folder) / f"{name}.pcap"
    with open(path, "wb") as file:
        make(wire.PcapWriter(file))
    with tempfile.TemporaryFile() as out:
        status, mib, seconds = wait(start([program, "replay", "--format", "ndjson", str(path)], out))
        line = last_line(out)
    size = path.stat().st_size
    if not keeps(folder):
        path.unlink()
    if most_mib is not None:
        most_mib = max(most_mib, MORE_MIB.get(name, 0))
    problems = list(problems_of(status, mib, line, caps, most_mib))
    hits = json.loads(line).get("limits_hit", {}) if not problems else {}
    return Outcome(problems, mib, seconds, size / 2**20, hits)


def keeps(folder):
    return not (pathlib.Path(folder) / ".temporary").exists()


def caps_of_the_library():
    text = (TOP / "dissector" / "base" / "limits.h").read_text(encoding="utf-8")
    return set(re.findall(r'"(\w+)"', text[text.index("kCapNames"):text.index("class Budget")]))


def uncovered():
    tried = {cap for _, caps in ATTACKS.values() for cap in caps}
    for cap in sorted(caps_of_the_library() - tried - set(ELSEWHERE)):
        yield f"no attack fills {cap}"
    for cap in sorted((tried | set(ELSEWHERE)) - caps_of_the_library()):
        yield f"there is no cap {cap}"


def run(program, most_mib, folder, names):
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for name, outcome in zip(names, pool.map(functools.partial(try_one, program, most_mib, folder), names)):
            print(f"{name}: {outcome.size:.0f} MiB in, {outcome.mib:.0f} MiB of memory, {outcome.seconds:.1f} s, "
                  f"{outcome.hits or ATTACKS[name][1]}")
            for problem in outcome.problems:
                failed += 1
                print(f"{name}: FAILED: {problem}; again: tools/limits_test.py --sessenum PROGRAM --keep . {name}")
    return failed


def self_test():
    """Runs that are not well; and the measure of memory itself."""
    line = json.dumps({"type": "summary", "limits_hit": {"flows": 1}})
    assert not list(problems_of(0, 100, line, ("flows",), 128))
    worse = {"a crash": (-11, 100, line, 128), "a hang": (-1, 0, "", 128), "too much memory": (0, 129, line, 128),
             "no summary": (0, 100, "", 128), "no word of the cap": (0, 100, line.replace("flows", "frames"), 128)}
    for what, (status, mib, text, most) in worse.items():
        assert list(problems_of(status, mib, text, ("flows",), most)), f"{what} is not noticed"
    with tempfile.TemporaryFile() as out:
        greedy = [sys.executable, "-c", "data = b'x' * (200 << 20); print(len(data))"]
        status, mib, _ = wait(start(greedy, out))
        assert status == 0 and 200 < mib < 260, f"200 MiB are measured as {mib:.0f}"
        assert last_line(out) == str(200 << 20)
    print("self-test passed")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessenum", type=os.path.abspath)
    parser.add_argument("--most-mib", type=int)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("attacks", nargs="*", choices=[[], *ATTACKS], metavar="ATTACK")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{name}: {', '.join(caps)}" for name, (_, caps) in ATTACKS.items()))
        return 0
    if options.self_test:
        return self_test()
    if not options.sessenum:
        parser.error("--sessenum is needed")
    problems = list(uncovered())
    names = options.attacks or list(ATTACKS)
    if options.keep:
        failed = run(options.sessenum, options.most_mib, str(options.keep), names)
    else:
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / ".temporary").touch()
            failed = run(options.sessenum, options.most_mib, folder, names)
    print("\n".join(problems))
    memory = "memory not looked at" if options.most_mib is None else (
        f"all below {options.most_mib} MiB, but for {', '.join(sorted(MORE_MIB))}")
    print(f"{len(names)} attacks, {failed} failures, {memory}")
    return 1 if failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
