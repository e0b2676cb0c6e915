"""What is measured, part by part: each gives lines of the table, and tells what could not be measured."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from benchmarks import inputs, stubs
from benchmarks.contest import Contestant, Measured, Refused, hold, measure, ratio
from benchmarks.table import Asked, Line

TSHARK_FILTER = "dcerpc.opnum == 12 && srvsvc"
IMPACKET = pathlib.Path(__file__).with_name("impacket_decode.py")
WHERE_IMPACKET_IS = "/usr/bin/python3"  # Debian's packages are seen by Debian's Python alone


class Bench:
    """The programs under test and how they are to be run."""

    def __init__(self, folder, rounds, quick, clock):
        self.folder, self.rounds, self.quick, self.clock = folder, rounds, quick, clock
        self.notes = []

    def sessenum(self, path, *options, name="sessenum"):
        return Contestant(name, [self.folder / "sessenum", "replay", "--format", "ndjson", *options, path])

    def empty_loop(self, path):
        return Contestant("an empty libpcap loop", [self.folder / "tools" / "benchmarks" / "pcap_loop", path])

    def tshark(self, name, path, *options):
        """A list of one or none."""
        if not shutil.which("tshark"):
            self.notes.append("tshark is not installed")
            return []
        return [Contestant(name, ["tshark", "-n", "-r", path, "-Y", TSHARK_FILTER, *options], slow=True)]

    def hold(self, contestants):
        hold(contestants, self.rounds)

    def times(self, contestant):
        return contestant.seconds(self.clock)

    def ratio(self, above, below):
        return ratio(self.times(above), self.times(below))

    def own_lines(self, part, contestants):
        for contestant in contestants:
            yield Line(part, contestant.name, Measured.of(self.times(contestant)), "s")


def warm(path):
    """Into the page cache: the disk is not what is measured."""
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass
    return path


def against_loop(bench, part, path, most, most_mib=None):
    ours, loop = bench.sessenum(path), bench.empty_loop(path)
    bench.hold([loop, ours])
    yield from bench.own_lines(part, [loop, ours])
    yield Line(part, f"sessenum / {loop.name}", bench.ratio(ours, loop), "times", Asked(most=most))
    yield Line(part, "sessenum, peak memory", Measured.of([ours.mib]), "MiB", most_mib and Asked(most=most_mib))


def against_tshark(bench, part, path, name, *options):
    for peer in bench.tshark(name, path, *options):
        ours = bench.sessenum(path)
        bench.hold([ours, peer])
        yield from bench.own_lines(part, [ours, peer])
        yield Line(part, f"{peer.name} / sessenum", bench.ratio(peer, ours), "times", Asked(least=100))
        yield Line(part, f"{peer.name}, peak memory", Measured.of([peer.mib]), "MiB")


def mixed(bench):
    yield from against_loop(bench, "mixed", warm(inputs.prepared(inputs.mixed(8, bench.quick))), 1.5, 32)
    # tshark takes minutes for the whole, and more than eight times as long as for an eighth.
    yield from against_tshark(bench, "mixed, an eighth", warm(inputs.prepared(inputs.mixed(1, bench.quick))),
                              "tshark's filter")


def dense(bench):
    path = warm(inputs.prepared(inputs.dense(quick=bench.quick)))
    yield from against_loop(bench, "dense", path, 5)
    yield from against_tshark(bench, "dense", path, "tshark -T json", "-T", "json")


def jobs(bench):
    """Files side by side, as the parts of a rotated capture would be."""
    told = subprocess.run([bench.folder / "sessenum", "replay", "--help"], text=True, capture_output=True).stdout
    if "--jobs" not in told:
        bench.notes.append("sessenum has no --jobs")
        return
    for part, wanted in (("mixed", inputs.mixed(2, bench.quick)), ("dense", inputs.dense(quick=bench.quick))):
        path = warm(inputs.prepared(wanted))
        runs = [bench.sessenum(path, "--jobs", str(count), *[path] * 3, name=f"{count} jobs") for count in (1, 2)]
        bench.hold(runs)
        # What a second thread saves is seen by the clock on the wall alone.
        one, two = (run.seconds("seconds") for run in runs)
        yield Line(part, "4 files, --jobs 1 / --jobs 2, on the wall", ratio(one, two), "times")
        for run in runs:
            yield Line(part, f"4 files, {run.name}, peak memory", Measured.of([run.mib]), "MiB")


# --- how cost grows --------------------------------------------------------------------------------------------------

def growth(bench):
    yield from file_size(bench)
    yield from flows(bench)
    yield from entries(bench)


def file_size(bench):
    runs = {times: bench.sessenum(warm(inputs.prepared(inputs.mixed(times, bench.quick)))) for times in (1, 2, 4, 8)}
    bench.hold(list(runs.values()))
    for times, run in runs.items():
        asked = Asked(most=8.5) if times == 8 else None
        if times > 1:
            yield Line("mixed", f"time of {times} times the file", bench.ratio(run, runs[1]), "times", asked)
    for times, run in runs.items():
        yield Line("mixed", f"peak memory, {times}/8 of it", Measured.of([run.mib]), "MiB", Asked(most=32))


def flows(bench):
    wanted = {count: inputs.flows(count, bench.quick) for count in (1_000, 8_000, 64_000)}
    runs = {count: bench.sessenum(warm(inputs.prepared(one))) for count, one in wanted.items()}
    bench.hold(list(runs.values()))
    for count, run in runs.items():
        packets = wanted[count].arguments[0]
        yield Line("flows", f"a packet, {count:,} flows at a time",
                   Measured.of([seconds / packets * 1e9 for seconds in bench.times(run)]), "ns")


def entries(bench):
    wanted = {count: inputs.entries(count, bench.quick) for count in (10, 100, 1_000, 10_000)}
    runs = {count: bench.sessenum(warm(inputs.prepared(one))) for count, one in wanted.items()}
    bench.hold(list(runs.values()))
    for count, run in runs.items():
        calls, _ = wanted[count].arguments
        yield Line("entries", f"an entry, {count:,} in a response",
                   Measured.of([seconds / (calls * count) * 1e9 for seconds in bench.times(run)]), "ns")


# --- memory under attack ---------------------------------------------------------------------------------------------

def half_open(bench):
    path = inputs.prepared(inputs.half_open(bench.quick))
    with tempfile.NamedTemporaryFile() as out:
        command = [bench.folder / "sessenum", "replay", "--format", "ndjson", path]
        run = measure(command, out.name)
        hits = json.loads(out.read().splitlines()[-1])["limits_hit"]
    yield Line("half-open", "sessenum, peak memory", Measured.of([run.mib]), "MiB", Asked(most=256))
    for cap, count in hits.items():
        yield Line("half-open", f"limits_hit: {cap}", Measured.of([count]))
    yield Line("half-open", "caps reported", Measured.of([len(hits)]), "", Asked(least=1))


# --- single stubs ----------------------------------------------------------------------------------------------------

def single_stubs(bench):
    yield from against_libndr(bench)
    for count in (10, 1_000):
        with tempfile.NamedTemporaryFile(suffix=".stub") as file:
            file.write(stubs.response(count))
            file.flush()
            yield from one_stub(bench, count, file.name)


def against_libndr(bench):
    program = bench.folder / "tools" / "benchmarks" / "libndr_ratio"
    if not program.exists():
        bench.notes.append("libndr_ratio is not built: Samba's NDR library (samba-dev) is not installed")
        return
    done = subprocess.run([program], text=True, stdout=subprocess.PIPE)
    if done.returncode:
        raise Refused(f"status {done.returncode} of {program}")
    for line in map(json.loads, done.stdout.splitlines()):
        part = f"stub, {line['entries']:,}"
        for name in ("sessenum", "libndr"):
            yield Line(part, f"{name}, one decoding", Measured.of([line[f"{name}_ns"] / 1000]), "us")
        yield Line(part, "libndr / sessenum", Measured(line["ratio"], line["ratio_low"], line["ratio_high"]), "times",
                   Asked(least=5))


def one_stub(bench, count, path):
    part = f"stub, {count:,}"
    ours = Contestant("sessenum decode", [bench.folder / "sessenum", "decode", "--direction", "response", "--syntax",
                                          "ndr", "--format", "ndjson", path])
    if shutil.which("ndrdump"):
        peer = Contestant("ndrdump", ["ndrdump", "srvsvc", "12", "out", path], slow=True)
        bench.hold([ours, peer])
        yield Line(part, "ndrdump / sessenum decode, as programs", bench.ratio(peer, ours), "times")
    else:
        bench.notes.append("ndrdump (samba-testsuite) is not installed")
    done = subprocess.run([WHERE_IMPACKET_IS, IMPACKET, path], text=True, stdout=subprocess.PIPE)
    if done.returncode:
        bench.notes.append("impacket (python3-impacket) is not installed")
    else:
        yield Line(part, "impacket, one decoding", Measured.of(json.loads(done.stdout)), "us")


ALL = {"mixed": mixed, "dense": dense, "jobs": jobs, "growth": growth, "half-open": half_open, "stubs": single_stubs}
