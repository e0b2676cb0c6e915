#!/usr/bin/python3
"""Loads the shared library as another language does, with ctypes alone.

usage: ctypes_test.py LIBSESSENUM HEADER

Structures and numbers come from the header's text, so that what is tested is the header as it stands.
"""
import ctypes
import re
import subprocess
import sys
import unittest

LIBRARY, HEADER = sys.argv[1:3]
TEXT = re.sub(r"/\*.*?\*/", "", open(HEADER, encoding="utf-8").read(), flags=re.DOTALL)
CONSTANTS = {name: int(value, 0) for name, value in re.findall(r"(SESSENUM_\w+)(?: =| )\s*(0x[0-9A-Fa-f]+|\d+)U?\b", TEXT)}
TYPES = {"uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64, "size_t": ctypes.c_size_t,
         "const char*": ctypes.c_char_p, "const uint8_t*": ctypes.c_char_p}


def structure(name):
    body = re.search(r"typedef struct %s \{(.*?)\}" % name, TEXT, re.DOTALL).group(1)
    members = re.findall(r"([\w ]+\*?) (\w+);", body)
    made = type(name, (ctypes.Structure,), {"_fields_": [(member, TYPES[kind.strip()]) for kind, member in members]})
    TYPES[f"const {name}*"] = ctypes.POINTER(made)
    return made


Stub, Options, Field, Rule, Node, Result = (structure("sessenum_" + name) for name in (
    "stub", "options", "field", "rule", "node", "result"))


def load():
    library = ctypes.CDLL(LIBRARY)
    for name, restype in (("abi_version", ctypes.c_uint32), ("version", ctypes.c_char_p),
                          ("verdict_name", ctypes.c_char_p), ("fields", ctypes.POINTER(Field)),
                          ("rules", ctypes.POINTER(Rule)), ("decode_request", ctypes.POINTER(Result)),
                          ("decode_response", ctypes.POINTER(Result)), ("take_facts", ctypes.c_void_p),
                          ("free_result", None), ("free_facts", None)):
        getattr(library, "sessenum_" + name).restype = restype
    library.sessenum_decode_response.argtypes = [ctypes.POINTER(Stub), ctypes.c_void_p, ctypes.POINTER(Options)]
    library.sessenum_free_facts.argtypes = [ctypes.c_void_p]
    return library


LIB = load()


def table(name):
    count = ctypes.c_size_t()
    first = getattr(LIB, "sessenum_" + name)(ctypes.byref(count))
    return first[:count.value]


def word(value, ndr64=False):
    return value.to_bytes(8 if ndr64 else 4, "big")


def big_endian_request(level):
    """No names, `level`, an empty container, 0xFFFFFFFF bytes, no handle: NDR, big-endian."""
    return word(0) * 3 + word(level) * 2 + word(1) + word(0) * 2 + word(0xFFFFFFFF) + word(0)


def big_endian_response(level, sessions):
    """`sessions` sessions of level 0, their names NULL."""
    return (word(level) * 2 + word(1) + word(sessions) + word(1) + word(sessions) + word(0) * sessions +
            word(sessions) + word(0) * 2)


def stub(data):
    return Stub(data, len(data), CONSTANTS["SESSENUM_NDR"], CONSTANTS["SESSENUM_BIG_ENDIAN"], 0)


class TheLibrary(unittest.TestCase):
    def decode(self, result):
        self.assertTrue(result)
        self.addCleanup(LIB.sessenum_free_result, result)
        return result.contents, result.contents.nodes[:result.contents.node_count]

    def test_says_which_it_is(self):
        self.assertEqual(LIB.sessenum_abi_version(), CONSTANTS["SESSENUM_ABI_VERSION"])
        self.assertRegex(LIB.sessenum_version().decode(), r"^\d+\.\d+\.\d+$")
        self.assertRegex(subprocess.run(["objdump", "-p", LIBRARY], capture_output=True, text=True).stdout,
                         r"SONAME +libsessenum\.so\.%d\n" % CONSTANTS["SESSENUM_ABI_VERSION"])

    def test_exports_what_the_header_declares_and_nothing_else(self):
        symbols = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True)
        exported = {line.split()[2].split("@")[0] for line in symbols.stdout.splitlines() if line.split()[1] != "A"}
        declared = set(re.findall(r"\b(sessenum_\w+)\(", TEXT))
        self.assertEqual(exported, declared)

    def test_needs_neither_libpcap_nor_openssl(self):
        needed = subprocess.run(["objdump", "-p", LIBRARY], capture_output=True, text=True, check=True).stdout
        self.assertIn("NEEDED", needed)
        self.assertNotRegex(needed, r"NEEDED +lib(pcap|crypto|ssl)")

    def test_fields_have_the_numbers_and_names_of_the_header(self):
        fields = {field.id: field.name.decode() for field in table("fields")}
        self.assertEqual(len(set(fields.values())), len(fields))
        for name in ("SERVER_NAME", "LEVEL", "TOTAL_ENTRIES", "STATUS", "RULE"):
            self.assertEqual(fields[CONSTANTS["SESSENUM_" + name]], name.lower())
        for name in ("CNAME", "USERNAME", "NUM_OPENS", "TIME", "IDLE_TIME", "USER_FLAGS", "CLTYPE_NAME", "TRANSPORT"):
            self.assertEqual(fields[CONSTANTS["SESSENUM_SESSION_" + name]], "session." + name.lower())
        for name in fields.values():
            self.assertRegex(name, r"^[a-z0-9_.]+$")

    def test_rules_are_those_of_the_catalogue(self):
        rules = {rule.id.decode(): rule for rule in table("rules")}
        self.assertIn(b"TotalEntries", rules["S4"].title)
        self.assertEqual(rules["S4"].party, b"server")
        self.assertEqual(rules["G5-truncated"].party, b"client, server")

    def test_decodes_a_request_and_its_response(self):
        request = LIB.sessenum_decode_request(ctypes.byref(stub(big_endian_request(0))), None)
        result, nodes = self.decode(request)
        self.assertEqual(result.summary, b"NetrSessionEnum level 0")
        self.assertEqual([node.depth for node in nodes[:2]], [0, 1])
        facts = LIB.sessenum_take_facts(request)
        self.assertTrue(facts)
        self.addCleanup(LIB.sessenum_free_facts, facts)
        result, nodes = self.decode(
            LIB.sessenum_decode_response(ctypes.byref(stub(big_endian_response(0, 3))), facts, None))
        self.assertEqual((result.summary, result.sessions), (b"NetrSessionEnum level 0 -> 3 sessions", 3))
        sessions = [node for node in nodes if node.field == CONSTANTS["SESSENUM_SESSION"]]
        self.assertEqual([(node.offset, node.length, node.number) for node in sessions],
                         [(24, 4, 0), (28, 4, 1), (32, 4, 2)])

    def test_facts_tell_what_the_response_alone_does_not(self):
        def rules(facts):
            _, nodes = self.decode(
                LIB.sessenum_decode_response(ctypes.byref(stub(big_endian_response(0, 1))), facts, None))
            return {node.rule.decode() for node in nodes if node.rule}
        request = LIB.sessenum_decode_request(ctypes.byref(stub(big_endian_request(10))), None)
        self.decode(request)
        facts = LIB.sessenum_take_facts(request)
        self.addCleanup(LIB.sessenum_free_facts, facts)
        self.assertTrue(rules(facts) - rules(None), "another level than was asked for goes unnoticed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
