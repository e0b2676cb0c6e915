#!/usr/bin/python3
"""`sessenum report`: the page agrees with NDJSON, and nothing from the wire is markup in it.

usage: report_test.py --sessenum PROGRAM [unittest arguments]
"""
import base64
import hashlib
import html.parser
import json
import pathlib
import re

import report_scenes
from command_line import DONE, FAILED, PCAPS, CommandLineTest, calls_of, main, records, run

CAPTURES = sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))
VOID = {"meta", "input", "rect", "path", "circle", "line", "br", "img", "link"}


class Page(html.parser.HTMLParser):
    """The elements of a page, with what stands in scripts and styles, and what is not as it should be."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.problems, self.raw = [], [], {}
        self._open, self.cells = [], []
        self.rows = {}  # of each table: lists of cells
        self.text = text
        self.feed(text)
        self.close()
        if self._open:
            self.problems.append(f"never closed: {self._open}")

    def handle_starttag(self, tag, attributes):
        if tag == "td":
            self._end_cell()
        self.elements.append((tag, dict(attributes)))
        for name, value in attributes:
            if name.startswith("on") or name == "style":
                self.problems.append(f"<{tag} {name}>")
            if name in ("href", "src") and not value.startswith("#"):
                self.problems.append(f"<{tag} {name}={value!r}>")
        if tag == "table":
            self._table = self.rows.setdefault(dict(attributes).get("id"), [])
        if tag == "tr":
            self._table.append([])
        if tag in ("td", "th"):
            self._table[-1].append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def _end_cell(self):
        """A cell's own end tag may be left out."""
        if self._open and self._open[-1] == "td":
            self._open.pop()

    def handle_endtag(self, tag):
        if tag == "tr":
            self._end_cell()
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> in the wrong place")

    def handle_data(self, data):
        if self._open and self._open[-1] in ("script", "style"):
            self.raw.setdefault(self._open[-1], []).append(data)
        elif any(tag in ("td", "th") for tag in self._open) and self._table and self._table[-1]:
            self._table[-1][-1] += data

    @property
    def data(self):
        """The tables that graph and timeline are drawn from; what is not told is left out."""
        tables = json.loads(self.raw["script"][0])
        del tables["schema"]
        return {name: [{key: value for key, value in zip(table["columns"], row) if value is not False}
                       for row in table["rows"]] for name, table in tables.items()}

    def figure(self, label):
        number, = re.findall(rf"<b>([\d,]+)</b> {label}</a>", self.text)
        return int(number.replace(",", ""))


def name_as_shown(session, key):
    return {None: "NULL", "": "empty"}.get(session[key], session[key]) if key in session else "not told"


def sha256(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class ReportTest(CommandLineTest):
    def page_of(self, *arguments, status=DONE):
        got, out, _ = run("report", *arguments)
        self.assertEqual(got, status)
        page = Page(out)
        self.assertEqual(page.problems, [])
        return page, out

    def scene(self, name, **more):
        path = self.folder / f"{name}.pcap"
        with path.open("wb") as file:
            report_scenes.SCENES[name](file, **more)
        return path

    def assert_agrees(self, page, calls):
        """Whoever asked, was asked and was named in NDJSON stands in the page, and nobody else."""
        data = page.data
        self.assertEqual(page.figure("calls?"), len(calls))
        self.assertEqual([(c["asker"], c["server"], c["ts"]) for c in data["calls"]],
                         [(c["id.orig_h"], c["id.resp_h"], c["ts"]) for c in calls])
        told = [(number, session) for number, call in enumerate(calls, 1)
                for session in ((call["response"] or {}).get("container") or {}).get("sessions") or []]
        drawn = ("cname", "username", "time", "idle_time")
        rows = page.rows.get("sessions-table", [[]])[1:]
        self.assertEqual((len(data["sessions"]), len(rows)), (len(told), len(told)))
        for (number, session), shown, row in zip(told, data["sessions"], rows):
            if "\\u" in json.dumps(session):  # differs by the escapes for what cannot be printed
                continue
            self.assertEqual({key: value for key, value in shown.items() if key in drawn},
                             {key: value for key, value in session.items() if key in drawn})
            self.assertEqual((shown["call"], row[0]), (number, str(number)))
            self.assertEqual(row[4:6], [name_as_shown(session, "username"), name_as_shown(session, "cname")])
            self.assertEqual(row[10:], [str(session.get("num_opens", "")), session.get("cltype_name") or ""])
        self.assertEqual(sum(pair["calls"] for pair in data["pairs"]), len(calls))

    def test_every_capture_agrees_with_ndjson(self):
        for capture in CAPTURES:
            keys = capture.with_suffix(".keys")
            options = ["--keys", keys] if keys.exists() else []
            status, out, _ = run("replay", "--format", "ndjson", *options, capture)
            page, _ = self.page_of(*options, capture, status=status)
            calls = calls_of(out)
            with self.subTest(capture.name):
                self.assert_agrees(page, calls)
                findings = [finding for call in calls for finding in call["findings"]]
                rules = {finding["rule"] for finding in findings}
                tables = {name[5:-6] for name in page.rows if name and name.startswith("rule-")}
                self.assertEqual(tables, rules)
                told = sum(len(page.rows[f"rule-{rule}-table"]) - 1 for rule in rules)
                self.assertEqual(told, len(findings))
                frames = {row[5] for rule in rules for row in page.rows[f"rule-{rule}-table"][1:]}
                self.assertEqual(frames, {f"frame {f['frame']}" if f["frame"] else "" for f in findings})

    def test_many_captures_are_one_report(self):
        page, out = self.page_of(*CAPTURES, status=FAILED)  # one of them is cut short, and says so
        self.assertEqual(len(page.rows["captures-table"]) - 1, len(CAPTURES))
        self.assertIn("truncated dump file", out)
        status, ndjson, _ = run("replay", "--format", "ndjson", *CAPTURES)
        self.assert_agrees(page, calls_of(ndjson))
        summary = records(ndjson)[-1]
        blind = {row[0]: int(row[1]) for row in page.rows[None] if row[1].isdigit()}
        for reason, count in summary["undecoded"].items():
            self.assertEqual(blind.get(reason.replace("_", " "), 0), count, reason)

    def test_style_and_script_are_admitted_by_hash_and_nothing_else_is(self):
        page, _ = self.page_of(CAPTURES[0])
        policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
        _, script = page.raw["script"]
        (style,) = page.raw["style"]
        self.assertEqual(policy, f"default-src 'none'; script-src {sha256(script)}; style-src {sha256(style)}; "
                                 "img-src data:; base-uri 'none'; form-action 'none'")

    def test_names_that_mean_harm_are_text(self):
        page, out = self.page_of(self.scene("hostile"), "--title", report_scenes.HOSTILE[0])
        allowed = {t for t, _ in Page(run("report", *CAPTURES)[1]).elements}
        self.assertEqual({t for t, _ in page.elements} - allowed, set())
        self.assertNotIn("<img", out)
        accounts = [row[0] for row in page.rows["accounts-table"][1:]]
        for name in report_scenes.HOSTILE:
            if name.isascii() and name.isprintable() and name:
                self.assertIn(name, accounts)
        self.assertIn("\\u202eexe.txt", accounts)
        self.assertNotIn("\u202e", out)
        self.assertNotIn("\x1b", out)

    def test_a_sweep_is_marked(self):
        page, _ = self.page_of(self.scene("office"))
        marks = {pair["asker"]: pair["marks"] for pair in page.data["pairs"]}
        self.assertEqual(marks, {"10.20.4.37": ["sweep", "refused by many"], "10.20.1.5": []})
        completing = [call for call in page.data["calls"] if "sweep" in call.get("marks", [])]
        self.assertEqual([call["asker"] for call in completing], ["10.20.4.37"] * len(completing))
        self.assertTrue(completing)
        rows = page.rows["pairs-table"][1:]
        self.assertEqual([row[0] for row in rows], ["10.20.4.37 sweep refused by many"] * 14 + ["10.20.1.5"] * 3)
        self.assertEqual({row[2] for row in rows}, {"impacket", "Samba"})

    def test_a_crowd_is_shown_in_part_and_the_page_says_so(self):
        page, out = self.page_of(self.scene("crowd", calls=10_500))
        self.assertEqual(page.figure("calls"), 10_500)
        self.assertEqual(len(page.data["calls"]), 10_000)
        self.assertIn("This page holds the first 10,000 calls of 10,500", out)
        self.assertIn("Without JavaScript the first 1,000 rows are shown; with it, all 10,000.", out)

    def test_sequence_is_one_capture(self):
        page, _ = self.page_of("--sequence", CAPTURES[0], CAPTURES[1])
        self.assertEqual([row[0] for row in page.rows["captures-table"][1:]], [f"{CAPTURES[0].name}, {CAPTURES[1].name}"])

    def test_output_goes_to_a_file_and_never_over_a_capture(self):
        target = self.folder / "report.html"
        self.assertEqual(run("report", CAPTURES[0], "-o", target)[:2], (DONE, ""))
        self.assertTrue(target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>"))
        copy = self.file("a.pcap", CAPTURES[0].read_bytes())
        status, _, err = run("report", copy, "-o", copy)
        self.assertEqual(status, FAILED)
        self.assertIn("would be overwritten", err)
        self.assertEqual(copy.read_bytes(), CAPTURES[0].read_bytes())

    def test_an_unreadable_capture_is_told_in_the_page(self):
        bad = self.file("bad.pcap", b"no capture at all, and long enough")
        status, out, err = run("report", bad, CAPTURES[0])
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, bad)
        reason = err.strip().removeprefix(f"sessenum: {bad}: ")
        page = Page(out)
        self.assertIn(reason, page.rows["captures-table"][1][-1])
        self.assertIn(["unread captures", "1"], [row[:2] for row in page.rows[None]])


if __name__ == "__main__":
    main(__doc__)
