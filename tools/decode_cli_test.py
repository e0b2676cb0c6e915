#!/usr/bin/python3
"""`sessenum decode` as its users and scripts meet it: exit status, standard output and standard error.

usage: decode_cli_test.py --sessenum PROGRAM [unittest arguments]
"""

import command_line
from command_line import TOP, DONE, FINDINGS, FAILED, REQUEST, RESPONSE, CommandLineTest, records, run, main


class DecodeTest(CommandLineTest):
    def decode(self, content, *arguments, direction="request", output="ndjson"):
        path = self.file("stub", content)
        return run("decode", "--direction", direction, "--format", output, *arguments, path)

    def decoded(self, content, *arguments, direction="request"):
        status, out, err = self.decode(content, *arguments, direction=direction)
        self.assertEqual((status, err), (DONE, ""))
        record, = records(out)
        self.assertEqual(record["schema"], "sessenum/1")
        self.assertEqual(record["type"], direction)
        return record

    def test_request(self):
        record = self.decoded(REQUEST)
        self.assertEqual(record["request"], {
            "byte_order": "little", "fragments": 1, "stub_size": len(REQUEST), "server_name": "\\\\SRV",
            "client_name": None, "user_name": "", "level": 10, "container": {"entries_read": 0, "sessions": None},
            "preferred_maximum_length": 4294967295, "resume_handle": 0})
        self.assertEqual(record["findings"], [])

    def test_response(self):
        record = self.decoded(RESPONSE, direction="response")
        self.assertEqual(record["response"]["container"], {
            "entries_read": 1,
            "sessions": [{"cname": "\\\\WS7", "username": "bob", "time": 42, "idle_time": 3}]})
        self.assertEqual(record["response"]["resume_handle"], 18)
        self.assertEqual(record["response"]["status_name"], "NERR_Success")

    def test_text(self):
        status, out, err = self.decode(REQUEST, output="text")
        self.assertEqual((status, err), (DONE, ""))
        self.assertIn("NetrSessionEnum request, level 10", out)
        self.assertIn("\\\\SRV", out)
        self.assertIn("bob", self.decode(RESPONSE, direction="response", output="text")[1])

    def test_hex(self):
        digits = REQUEST.hex()
        for text in (digits, digits.upper(), " ".join(digits[i:i + 2] for i in range(0, len(digits), 2)),
                     "\n".join(digits[i:i + 32] for i in range(0, len(digits), 32)) + "\r\n", "\t" + digits):
            self.assertEqual(self.decoded(text.encode(), "--hex"), self.decoded(REQUEST))

    def test_bad_hex(self):
        digits = REQUEST.hex().encode()
        status, out, err = self.decode(digits[:-1], "--hex")
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(err, self.folder / "stub", "odd")
        status, out, err = self.decode(digits[:10] + b"g" + digits[11:], "--hex")
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(err, self.folder / "stub", "byte 10 ")

    def test_standard_input(self):
        status, out, err = run("decode", "--direction", "request", "--format", "ndjson", "-", stdin=REQUEST)
        self.assertEqual((status, err), (DONE, ""))
        self.assertEqual(records(out), [self.decoded(REQUEST)])

    def stubs(self):
        """Stubs that Samba packed, with their syntax and byte order."""
        folder = TOP / "dissector" / "srvsvc" / "testdata"
        for suffix, arguments in (("le", ["--syntax", "ndr"]),
                                  ("be", ["--syntax", "ndr", "--byte-order", "big"]),
                                  ("ndr64", ["--syntax", "ndr64"]),
                                  ("ndr64be", ["--syntax", "ndr64", "--byte-order", "big"])):
            yield folder / f"in_l502_req_{suffix}.bin", folder / f"out_l502_n3_uni_{suffix}.bin", arguments

    def test_syntaxes_and_byte_orders(self):
        requests, responses = [], []
        for request, response, arguments in self.stubs():
            requests.append(self.decoded(request.read_bytes(), *arguments)["request"])
            responses.append(self.decoded(response.read_bytes(), *arguments, direction="response")["response"])
            order = "big" if "big" in arguments else "little"
            self.assertEqual((requests[-1].pop("byte_order"), responses[-1].pop("byte_order")), (order, order))
            for message in (requests[-1], responses[-1]):
                message.pop("stub_size")
        self.assertEqual(len(responses[0]["container"]["sessions"]), 3)
        for message in requests:
            self.assertEqual(message, requests[0])
        for message in responses:
            self.assertEqual(message, responses[0])

    def test_without_a_syntax_the_one_that_fits_is_taken(self):
        for request, response, arguments in self.stubs():
            bare = arguments[2:]
            self.assertEqual(self.decoded(request.read_bytes(), *bare),
                             self.decoded(request.read_bytes(), *arguments))
            self.assertEqual(self.decoded(response.read_bytes(), *bare, direction="response"),
                             self.decoded(response.read_bytes(), *arguments, direction="response"))

    def test_truncated_stub(self):
        for stub, direction in ((REQUEST, "request"), (RESPONSE, "response")):
            for size in range(len(stub)):
                status, out, err = self.decode(stub[:size], "--syntax", "ndr", direction=direction)
                self.assertEqual(status, FAILED, size)
                self.assert_one_error(err, self.folder / "stub", "stub byte ")
                place = int(err.split("stub byte ")[1])
                self.assertLessEqual(place, size)
                self.assertGreater(place + 16, size, "no field or array of the two is longer")
                record, = records(out)
                self.assertEqual([finding["rule"] for finding in record["findings"]], ["G5-truncated"])

    def test_what_was_decoded_before_the_cut_is_printed(self):
        status, out, _ = self.decode(RESPONSE[:-4], direction="response")
        self.assertEqual(status, FAILED)
        response = records(out)[0]["response"]
        self.assertEqual(response["container"]["sessions"][0]["username"], "bob")
        self.assertIsNone(response["status"])

    def test_fail_on(self):
        trailing = REQUEST + b"\xee"
        self.assertEqual(self.decode(trailing)[0], DONE)
        self.assertEqual(self.decode(trailing, "--fail-on", "advisory")[0], FINDINGS)
        self.assertEqual(self.decode(trailing, "--fail-on", "violation")[0], DONE)
        self.assertEqual(self.decode(REQUEST[:-1], "--fail-on", "violation")[0], FAILED)

    def test_bad_files(self):
        for path, reason in ((self.folder / "missing", "No such file or directory"), (self.folder, "directory")):
            status, out, err = run("decode", "--direction", "request", path)
            self.assertEqual((status, out), (FAILED, ""))
            self.assert_one_error(err, path, reason)
        status, _, err = self.decode(b"")
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, self.folder / "stub")

    def test_too_large(self):
        status, out, err = self.decode(bytes(17 << 20))
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(err, self.folder / "stub", "more than")


if __name__ == "__main__":
    main(__doc__)
