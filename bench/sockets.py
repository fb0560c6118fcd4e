#!/usr/bin/env python3
"""Times `vigie sockets` against `ss` and `netstat` with many TCP sockets.

Run as root:  python3 bench/sockets.py [--sockets 100000] [--processes 10] [--rounds 15]

The script makes a network namespace of its own and fills it with connections over
loopback, held by several processes. The programs take turns, so that whatever
else the machine does is shared out evenly; each run is a whole process writing to
/dev/null. Printed are the median and the best of the wall-clock times, the peak
memory, and the ratios that docs/performance.md states.

`--others N` adds N processes without sockets, `--vigie PATH` names the binary
(default: target/release/vigie, built if it is not there).
"""

import argparse
import os
import pathlib
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def hold(port: int, pairs: int, ready: int) -> None:
    """Holds both ends of so many connections until killed."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", port))
    listener.listen(4096)
    held = []
    for _ in range(pairs):
        client = socket.socket()
        client.connect(("127.0.0.1", port))
        held += [client, listener.accept()[0]]
    os.write(ready, b"x")
    signal.pause()


def fill(sockets: int, processes: int, others: int) -> list[int]:
    """Starts the processes that hold the sockets, and those that hold none."""
    children = []
    done, ready = os.pipe()
    for number in range(processes):
        child = os.fork()
        if child == 0:
            try:
                hold(9000 + number, sockets // processes // 2, ready)
            finally:
                os._exit(1)
        children.append(child)
    for _ in range(others):
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        children.append(child)
    os.close(ready)
    for _ in range(processes):
        if os.read(done, 1) != b"x":
            sys.exit("a process could not make its sockets (see ulimit -n)")
    return children


def measure(command: list[str]) -> tuple[float, int]:
    """Wall-clock seconds and peak memory in KiB of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sockets", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=10)
    parser.add_argument("--others", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--vigie", type=pathlib.Path, default=ROOT / "target/release/vigie")
    options = parser.parse_args()
    if not options.vigie.exists():
        subprocess.run(["cargo", "build", "--release", "-p", "vigie"], cwd=ROOT, check=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if options.sockets // options.processes + 64 > hard:
        sys.exit(f"ulimit -n is {hard}: use more --processes")

    space = f"vigie-bench-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", space], check=True)
    children: list[int] = []
    try:
        with open(f"/run/netns/{space}") as handle:
            if not hasattr(os, "setns"):
                import ctypes

                if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), 0x4000_0000) != 0:
                    sys.exit("cannot enter the namespace")
            else:
                os.setns(handle.fileno(), 0x4000_0000)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("10000 65000")
        children = fill(options.sockets, options.processes, options.others)
        compare(str(options.vigie), options.rounds)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
        subprocess.run(["ip", "netns", "del", space], check=False)


def compare(vigie: str, rounds: int) -> None:
    commands = {
        "vigie sockets -tan": [vigie, "sockets", "-tan"],
        "ss -tan": ["ss", "-tan"],
        "netstat -tan": ["netstat", "-tan"],
        "vigie sockets -tanp": [vigie, "sockets", "-tanp"],
        "ss -tanp": ["ss", "-tanp"],
        "netstat -tanp": ["netstat", "-tanp"],
        "vigie sockets -ta -o json": [vigie, "sockets", "-ta", "-o", "json"],
        "vigie sockets -tan --port 9001": [vigie, "sockets", "-tan", "--port", "9001"],
        "ss -tan ( sport = 9001 or dport = 9001 )": ["ss", "-tan", "( sport = 9001 or dport = 9001 )"],
    }
    for command in commands.values():
        measure(command)
    times: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(measure(command))
    print(f"{'command':42} {'median s':>9} {'best s':>8} {'MiB':>6}")
    median = {}
    for name, runs in times.items():
        median[name] = statistics.median(seconds for seconds, _ in runs)
        best = min(seconds for seconds, _ in runs)
        print(f"{name:42} {median[name]:9.3f} {best:8.3f} {max(kib for _, kib in runs) / 1024:6.1f}")
    for ours, theirs in [("vigie sockets -tan", "ss -tan"), ("vigie sockets -tanp", "ss -tanp")]:
        print(f"{ours} / {theirs}: {median[ours] / median[theirs]:.2f}")


if __name__ == "__main__":
    main()
