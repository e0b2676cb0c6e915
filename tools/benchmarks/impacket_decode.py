"""usage: impacket_decode.py STUB

Prints how many microseconds of processor time impacket takes to decode a response, each time anew; ends with 1 where it is not installed.
"""
import json
import pathlib
import sys
import time

TIMES = 5


def main(path):
    try:
        from impacket.dcerpc.v5 import srvs
    except ImportError:
        return 1
    stub = pathlib.Path(path).read_bytes()
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        answer = srvs.NetrSessionEnumResponse(stub)
        taken.append((time.process_time() - began) * 1e6)
    level = answer["InfoStruct"]["SessionInfo"]["Level10"]
    if level["EntriesRead"] != len(level["Buffer"]):
        sys.exit("impacket did not decode the stub")
    print(json.dumps(taken))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
