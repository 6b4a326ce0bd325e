"""How much load one client can make: 500 streamed requests a second, against a stub in a process of its own.

The client needs one core and the stub another; on a machine that is busy, both are late, and the client says so.
CPU time for each request says the same without waiting for a quiet machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from panelwright.measure.endpoint import Plan, Session
from panelwright.measure.endpoint_points import client

STUB = Path(__file__).parents[1] / "measure" / "stub.py"
PORT, SECONDS = 9899, 10.0
LOADS = ((500.0, 16), (200.0, 64), (500.0, 64))


def main() -> int:
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, before")
    for rate, pieces in LOADS:
        server = subprocess.Popen([sys.executable, str(STUB), str(PORT), str(pieces), "0.005"], stdout=subprocess.PIPE)
        try:
            assert server.stdout
            server.stdout.readline()
            plan = Plan(f"http://127.0.0.1:{PORT}/v1", "stub", seconds=SECONDS, prompt_tokens=200, output_tokens=pieces)
            with Session(plan) as session:
                run = session.open(rate)
        finally:
            server.kill()
            server.wait()
        said, n = client(run), len(run.answers)
        took = max(a.ended for a in run.answers) - run.began
        print(
            f"{rate:g} requests/s of {pieces} pieces: p99 of lateness {said['send_lag_p99_ms']:.1f} ms, "
            f"of stalls {said['stall_p99_ms']:.1f} ms, kept pace: {said['kept_pace']}; "
            f"{n / took:.0f} requests/s finished, {sum(bool(a.failure) for a in run.answers)} failed; "
            f"{1e3 * run.cpu_share * took / n:.2f} ms of CPU a request, {run.cpu_share:.2f} of a core"
        )
    print(f"load average {os.getloadavg()[0]:.1f}, after")
    return 0


if __name__ == "__main__":
    sys.exit(main())
