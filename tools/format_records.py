"""What each format of `sessenum replay` must say of NDJSON's records: independent of the program, for formats_test.py."""
import base64
import csv
import hashlib
import io
import json
import re
import urllib.parse
from datetime import datetime, timezone

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# MS-SRVS 1.9
SRVSVC = {"uuid": "4b324fc8-1670-01d3-1278-5a47bf6ee188", "version": "3.0"}
SESSIONS = "response.container.sessions"
DCE_RPC = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "rtt", "named_pipe", "endpoint",
           "operation"]
WEIRD = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "name", "addl", "notice", "peer", "source"]
UNPRINTABLE = [(0, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F),
               (0x2028, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF0, 0xFFFB), (0x13430, 0x1343F),
               (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)]


def load(text):
    """JSON with its numbers as they are written: a time has more digits than a double."""
    return json.loads(text, parse_float=str)


def records(ndjson):
    lines = [load(line) for line in ndjson.split("\n")[:-1]]
    return lines[:-1], lines[-1]


def is_unprintable(c):
    return any(first <= ord(c) <= last for first, last in UNPRINTABLE)


def printable(text):
    def shown(c):
        if not is_unprintable(c):
            return c
        return f"\\x{ord(c):02x}" if ord(c) < 0x100 else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):06x}"
    return "".join(map(shown, text))


def zeek_escaped(text):
    def shown(c):
        if c == "\\":
            return "\\\\"
        return "".join(f"\\x{byte:02x}" for byte in c.encode()) if is_unprintable(c) else c
    return "".join(map(shown, text))


def value_of(call, name, session=None):
    """The value of a field; a list where NDJSON has one on the way."""
    if name in call:
        return call[name]
    if session is not None and name.startswith(SESSIONS + "."):
        return session.get(name.rpartition(".")[2])
    at = call
    for step in name.split("."):
        if isinstance(at, list):
            return [item.get(step) for item in at]
        if at is None:
            return None
        at = at.get(step)
    return at


def leaves(value, path=""):
    """The names of everything in a record that is no object and no list of objects."""
    for key, inner in value.items():
        name = f"{path}.{key}" if path else key
        if isinstance(inner, dict):
            yield from leaves(inner, name)
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            for item in inner:
                yield from leaves(item, name)
        else:
            yield name


def sessions_of(call):
    container = (call["response"] or {}).get("container") or {}
    return container.get("sessions") or []


def rows_of(calls, names):
    by_session = any(name.startswith(SESSIONS + ".") for name in names)
    for call in calls:
        for session in (sessions_of(call) or [{}]) if by_session else [None]:
            yield [value_of(call, name, session) for name in names]


# csv

def csv_cells(text):
    """RFC 4180, to the letter: rows of (text, whether it was quoted)."""
    at, rows, row = 0, [], []
    while at < len(text):
        quoted = text[at] == '"'
        if quoted:
            match = re.compile(r'"((?:[^"]|"")*)"').match(text, at)
            assert match, f"a quote is not closed: {text[at:at + 80]!r}"
            cell = match.group(1).replace('""', '"')
        else:
            match = re.compile(r'[^",\r\n]*').match(text, at)
            cell = match.group(0)
        row.append((cell, quoted))
        at = match.end()
        if text.startswith(",", at):
            at += 1
        else:
            assert text.startswith("\r\n", at), f"a cell goes on after its end: {text[at:at + 80]!r}"
            rows.append(row)
            row, at = [], at + 2
    assert not row, "the last line has no end"
    return rows


def csv_cell(value):
    if value is None:
        return "", False
    if isinstance(value, list):
        return value, True
    if isinstance(value, int) or re.fullmatch(r"-?\d+\.\d{6,9}", value):
        return str(value), False
    text = printable(value)
    if text and text[0] in "=+-@'＝＋－＠":
        text = "'" + text
    return text, not text or text[0] == " " or text[-1] == " " or bool(re.search('[",]', text))


def csv_problems(text, names, calls):
    rows = csv_cells(text)
    if [cell for cell, _ in rows[0]] != names:
        yield f"header: {rows[0]}"
        return
    expected = list(rows_of(calls, names))
    if len(rows) - 1 != len(expected):
        yield f"{len(rows) - 1} rows, expected {len(expected)}"
        return
    for number, (got, want) in enumerate(zip(rows[1:], expected), 1):
        if len(got) != len(names):
            yield f"row {number}: {len(got)} cells"
            continue
        for name, (cell, quoted), value in zip(names, got, want):
            wanted, wanted_quotes = csv_cell(value)
            seen = load(cell) if isinstance(wanted, list) and quoted else cell
            if (seen, quoted) != (wanted, wanted_quotes):
                yield f"row {number}: {name} is {cell!r}, expected {wanted!r}"
    if list(csv.reader(io.StringIO(text, newline=""), strict=True)) != [[cell for cell, _ in row] for row in rows]:
        yield "Python's csv module reads it otherwise"


# text with --fields, and zeek

def tabbed_cell(value, escape):
    def item(one, in_list):
        if one is None:
            return "-"
        text = str(one)
        if not text:
            return "(empty)"
        mark = ""
        if text in ("-", "(empty)"):
            mark, text = f"\\x{ord(text[0]):02x}", text[1:]
        text = escape(text)
        return mark + (text.replace(",", "\\x2c") if in_list else text)
    if isinstance(value, list):
        return ",".join(item(one, True) for one in value) or "(empty)"
    return item(value, False)


def lines_problems(text, expected):
    got = text.split("\n")
    if got.pop() != "":
        yield "the last line has no end"
    if len(got) != len(expected):
        yield f"{len(got)} lines, expected {len(expected)}"
    for number, (line, want) in enumerate(zip(got, expected), 1):
        for cell, wanted in zip(line.split("\t"), want):
            if cell != wanted:
                yield f"line {number}: {cell!r}, expected {wanted!r}"
        if line.count("\t") != len(want) - 1:
            yield f"line {number}: {line.count(chr(9)) + 1} cells, expected {len(want)}"


def tabbed_problems(text, names, calls):
    yield from lines_problems(text, [[tabbed_cell(value, printable) for value in row]
                                     for row in rows_of(calls, names)])


def digest(call):
    return base64.b64decode(call["community_id"].partition(":")[2])


def uid_of(call):
    number, uid = int.from_bytes(digest(call)[:12], "big"), "C"
    for _ in range(17):
        number, digit = divmod(number, 62)
        uid += DIGITS[digit]
    return uid


def stamp(ts):
    return datetime.fromtimestamp(int(ts.partition(".")[0]), timezone.utc).strftime("%Y-%m-%d-%H-%M-%S")


def zeek_log(path, columns, rows, times):
    """All lines, as lists of cells."""
    times = times or ["0.0"]
    head = [["#separator \\x09"], ["#set_separator", ","], ["#empty_field", "(empty)"], ["#unset_field", "-"],
            ["#path", path], ["#open", stamp(times[0])], ["#fields", *(name for name, _ in columns)],
            ["#types", *(kind for _, kind in columns)]]
    return head + rows + [["#close", stamp(times[-1])]]


def zeek_types(fields):
    return {name: f"vector[{kind[8:]}]" if kind.startswith("list of ") else kind for name, kind in fields.items()}


def zeek_call_problems(text, fields, calls):
    types = {"uid": "string", **zeek_types(fields)}
    names = DCE_RPC + [name for name in fields if name not in DCE_RPC]
    rows = [[uid_of(call) if name == "uid" else tabbed_cell(value_of(call, name), zeek_escaped) for name in names]
            for call in calls]
    yield from lines_problems(text, zeek_log("dce_rpc", [(name, types[name]) for name in names], rows,
                                             [call["ts"] for call in calls]))


def zeek_finding_problems(text, fields, calls):
    types = {"uid": "string", "notice": "bool", "offset": "count", "length": "count", "frame": "count",
             "call_id": "count", **zeek_types(fields)}
    names = WEIRD + ["verdict", "party", "field", "frame", "offset", "length", "capture", "call_id"]
    rows, times = [], []
    for call in calls:
        for finding in call["findings"]:
            own = {**call, **finding, "uid": uid_of(call), "name": finding["rule"], "addl": finding["message"],
                   "notice": "F", "peer": "sessenum", "source": "DCE_RPC"}
            rows.append([tabbed_cell(own[name], zeek_escaped) for name in names])
            times.append(call["ts"])
    yield from lines_problems(text, zeek_log("weird", [(name, types.get(name, "string")) for name in names], rows,
                                             times))


# eve

def eve_time(ts):
    seconds, _, fraction = ts.partition(".")
    moment = datetime.fromtimestamp(int(seconds), timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + fraction[:6] + "+0000"


def eve_dcerpc(call):
    """By Suricata's rust/src/smb/log.rs and rust/src/dcerpc/log.rs, of what NDJSON knows."""
    smb = call["transport"] != "tcp"
    dcerpc = {"request": "REQUEST", "response": "RESPONSE", "call_id": call["call_id"]}
    if call["fault"]:
        dcerpc["response"] = "FAULT"
    elif not call["response_frames"]:
        dcerpc["response"] = "UNREPLIED"
    if not call["request_frames"]:
        dcerpc["request"] = "REQUEST_LOST"
    opnum = {} if call["opnum"] is None else {"opnum": call["opnum"]}
    if smb:
        dcerpc.update(opnum)
    for key, side in (("request", "req"), ("response", "res")):
        if call[key]:
            dcerpc[side] = {"frag_cnt": call[key]["fragments"], "stub_data_size": call[key]["stub_size"]}
            if side == "req" and not smb:
                dcerpc[side].update(opnum)
    return dcerpc


def eve_event(call):
    flat = ("schema", "type", "capture", "ts", "community_id", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")
    event = {
        "timestamp": eve_time(call["ts"]), "flow_id": int.from_bytes(digest(call)[:8], "big") >> 13,
        "pcap_cnt": min(frames[0] for frames in (call["request_frames"], call["response_frames"]) if frames),
        "src_ip": call["id.orig_h"], "src_port": call["id.orig_p"], "dest_ip": call["id.resp_h"],
        "dest_port": call["id.resp_p"], "proto": "TCP", "community_id": call["community_id"],
        "pcap_filename": call["capture"],
        "session_enum": {key: value for key, value in call.items() if key not in flat}}
    if call["transport"] == "tcp":
        event.update(event_type="dcerpc", dcerpc=eve_dcerpc(call))
    else:
        event.update(event_type="smb", smb={"dcerpc": eve_dcerpc(call)})
    return event


def eve_problems(text, calls, summary):
    events = [load(line) for line in text.split("\n")[:-1]]
    if len(events) != len(calls) + 1:
        yield f"{len(events)} events, expected {len(calls) + 1}"
        return
    for number, (event, call) in enumerate(zip(events, calls), 1):
        want = eve_event(call)
        dcerpc = event.get("smb", event).get("dcerpc", {})
        interfaces = dcerpc.pop("interfaces", None)
        for side in ("req", "res"):  # a stub that was seen and not decoded: NDJSON says nothing of its size
            if not call[{"req": "request", "res": "response"}[side]]:
                dcerpc.pop(side, None)
        if interfaces not in (None, [SRVSVC]):  # none where no bind was captured
            yield f"event {number}: interfaces: {interfaces}"
        for key in sorted(event.keys() | want.keys()):
            if event.get(key) != want.get(key):
                yield f"event {number}: {key} is {event.get(key)}, expected {want.get(key)}"
    want = {"timestamp": eve_time(calls[-1]["ts"] if calls else "0.000000"), "event_type": "stats",
            "stats": {"session_enum": {key: value for key, value in summary.items() if key not in ("schema", "type")}}}
    if events[-1] != want:
        yield f"last event: {events[-1]}, expected {want}"


# sarif

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
GRADES = {"violation": ("fail", "error"), "known": ("fail", "note"), "advisory": ("fail", "warning"),
          "pass": ("pass", "none"), "undecided": ("open", "none"), "not_applicable": ("notApplicable", "none")}


def sarif_result(call, finding):
    own = {key: call[key] for key in ("capture", "ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "call_id")}
    kind, level = GRADES[finding["verdict"]]
    party = call["id.orig_h" if finding["party"] == "client" else "id.resp_h"]
    print_ = " ".join((finding["rule"], finding["party"], party, re.sub("[0-9]", "", finding["field"])))
    return {"ruleId": finding["rule"], "kind": kind, "level": level, "message": {"text": finding["message"]},
            "partialFingerprints": {"sessenum/v1": print_},
            "properties": {**own, **{key: finding[key] for key in ("verdict", "party", "field", "frame", "offset",
                                                                   "length")}}}


def sarif_place_problem(result, run, call, finding):
    location = result["locations"][0]
    if location["logicalLocations"] != [{"fullyQualifiedName": finding["field"], "kind": "member"}]:
        return f"logical location {location['logicalLocations']}"
    place = location["physicalLocation"]
    artifact = run["artifacts"][place["artifactLocation"]["index"]]
    if artifact["location"]["uri"] != place["artifactLocation"]["uri"]:
        return "the index is of another artifact"
    frames = call["request_frames" if finding["party"] == "client" else "response_frames"]
    if "parentIndex" in artifact:
        message = "request" if finding["party"] == "client" else "response"
        if not re.fullmatch(rf"/stub-\d+/frame-{frames[0]}/call-{call['call_id']}/{message}", artifact["location"]["uri"]):
            return f"stub {artifact['location']['uri']}"
        if place.get("region") != {"byteOffset": finding["offset"], "byteLength": finding["length"]}:
            return f"region {place.get('region')}"
        if call[message] and artifact["length"] != call[message]["stub_size"]:
            return f"a stub of {artifact['length']} bytes"
        artifact = run["artifacts"][artifact["parentIndex"]]
    elif "region" in place:
        return "a region in a capture"
    elif call["request" if finding["party"] == "client" else "response"]:
        return "a stub that was decoded is not named"
    if urllib.parse.unquote(artifact["location"]["uri"]) != call["capture"]:
        return f"capture {artifact['location']['uri']}"
    return None


def sarif_problems(text, calls, summary, is_whole):
    log = load(text)
    run, = log["runs"]
    if (log["$schema"], log["version"]) != (SARIF_SCHEMA, "2.1.0"):
        yield f"{log['$schema']}, {log['version']}"
    told = [(call, finding) for call in calls for finding in call["findings"]]
    if len(run["results"]) != len(told):
        yield f"{len(run['results'])} results, expected {len(told)}"
        return
    for number, (result, (call, finding)) in enumerate(zip(run["results"], told), 1):
        want = sarif_result(call, finding)
        yield from (f"result {number}: {key} is {result.get(key)}, expected {value}"
                    for key, value in want.items() if result.get(key) != value)
        if run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] != result["ruleId"]:
            yield f"result {number}: ruleIndex {result['ruleIndex']}"
        problem = sarif_place_problem(result, run, call, finding)
        if problem:
            yield f"result {number}: {problem}"
    if run["invocations"][0]["executionSuccessful"] != is_whole:
        yield f"executionSuccessful is not {is_whole}"
    if run["properties"]["summary"] != {key: value for key, value in summary.items() if key not in ("schema", "type")}:
        yield "the summary is another"


# opengraph

def capitals(text):
    return re.sub("[a-z]+", lambda match: match.group(0).upper(), text)


def computer_name(cname):
    name = cname.lstrip("\\")
    return capitals(name[1:-1] if name.startswith("[") and name.endswith("]") and len(name) > 1 else name)


def graph_end(kind, name):
    return {"match_by": "id", "value": f"SESSENUM-{kind.upper()}-{name}", "kind": kind}


def graph_edges(call):
    where = {"capture": call["capture"], "server": call["id.resp_h"], "asker": call["id.orig_h"]}
    asked = {**where, "ts": call["ts"], "frame": eve_event(call)["pcap_cnt"], "user": call["user"],
             "workstation": call["workstation"], "level": (call["request"] or {}).get("level")}
    response = call["response"]
    if response:
        asked.update(status=response["status"], sessions=len(sessions_of(call)))
    yield "SessionsAsked", graph_end("Computer", capitals(call["id.orig_h"])), \
        graph_end("Computer", capitals(call["id.resp_h"])), asked
    for session in sessions_of(call):
        computer, user = computer_name(session.get("cname") or ""), capitals(session.get("username") or "")
        if computer and user:
            yield "HasSession", graph_end("Computer", computer), graph_end("User", user), \
                {**where, "frame": call["response_frames"][0], "time": session.get("time"),
                 "idle_time": session.get("idle_time")}


def opengraph_problems(text, calls):
    document = load(text)
    graph = document["graph"]
    if sorted(document) != ["graph", "metadata"] or document["metadata"] != {"source_kind": "SessEnum"}:
        yield f"metadata: {document['metadata']}"
    expected = [edge for call in calls for edge in graph_edges(call)]
    if len(graph["edges"]) != len(expected):
        yield f"{len(graph['edges'])} edges, expected {len(expected)}"
        return
    for number, (edge, (kind, start, end, properties)) in enumerate(zip(graph["edges"], expected), 1):
        got = dict(edge["properties"])
        if kind == "HasSession":
            properties["ts"] = got.get("ts")  # of the answer: NDJSON has the call's first
            if float(got.get("ts", 0)) <= 0:
                yield f"edge {number}: no time"
        want = {key: value for key, value in properties.items() if value is not None}
        if (edge["kind"], edge["start"], edge["end"], got) != (kind, start, end, want):
            yield f"edge {number}: {edge}, expected {kind} {start} {end} {want}"
    ends = {(end["value"], end["kind"]) for _, *both, _ in expected for end in both}
    nodes = {(node["id"], node["kinds"][0]) for node in graph["nodes"]}
    if nodes != ends or len(nodes) != len(graph["nodes"]):
        yield f"nodes: {sorted(nodes ^ ends)}"
    for node in graph["nodes"]:
        if node["id"] != f"SESSENUM-{node['kinds'][0].upper()}-{node['properties']['name']}":
            yield f"node {node}"
