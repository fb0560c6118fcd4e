#!/usr/bin/env python3
"""Packet expressions beside scapy in one run on one CPU: building, dissecting, and `sr` of 1,000 SYNs.

Creates and removes two network namespaces joined by a veth pair. Needs root and scapy. Build first:
    cargo build --release -p vigie && cargo build --release -p vigie-craft --examples
    python3 bench/packets.py --rounds 5
Building and dissecting are the loops of `crates/craft/examples/speed.rs`. For `sr`, Vigie is timed as a whole process,
scapy from the call of `sr` to its return, without its start.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

NEAR, FAR = f"pb-near-{os.getpid()}", f"pb-far-{os.getpid()}"
SCAPY = """
import logging, time
logging.getLogger("scapy").setLevel(50)
from scapy.all import *
start = time.perf_counter()
answered, silent = sr(IP(dst="10.83.0.2")/TCP(sport=40000, dport=(1, 1000), flags="S"), timeout=5, verbose=0)
print(time.perf_counter() - start, len(answered))
"""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True)


def network():
    for name in (NEAR, FAR):
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "set", "lo", "up")
    run("ip", "-n", NEAR, "link", "add", "v0", "type", "veth", "peer", "name", "v0", "netns", FAR)
    for name, address in ((NEAR, "10.83.0.1/24"), (FAR, "10.83.0.2/24")):
        run("ip", "-n", name, "addr", "add", address, "dev", "v0")
        run("ip", "-n", name, "link", "set", "v0", "up")
    run("ip", "netns", "exec", NEAR, "ping", "-c", "1", "-W", "5", "10.83.0.2")


def exchange_of_vigie(binary):
    expression = "IP(dst='10.83.0.2')/TCP(sport=40000, dport=(1, 1000), flags='S')"
    start = time.perf_counter()
    out = run("ip", "netns", "exec", NEAR, binary, "packet", "sr", expression).stdout
    return time.perf_counter() - start, sum(" ==> " in line for line in out.splitlines())


def exchange_of_scapy():
    out = run("ip", "netns", "exec", NEAR, sys.executable, "-c", SCAPY).stdout.split()
    return float(out[0]), int(out[1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--cpu", type=int, default=0, help="the one CPU that everything runs on")
    arguments.add_argument("--target", default="target/release")
    chosen = arguments.parse_args()
    for needed in (f"{chosen.target}/vigie", f"{chosen.target}/examples/speed"):
        if not os.access(needed, os.X_OK):
            sys.exit(f"no binary at {needed}: see the first lines of this script")
    if os.geteuid() != 0:
        sys.exit("run as root (the script creates network namespaces)")
    os.sched_setaffinity(0, {chosen.cpu})
    print(run(f"{chosen.target}/examples/speed", "--scapy").stdout, end="", flush=True)
    try:
        network()
        times = {"vigie": [], "scapy": []}
        for _ in range(chosen.rounds):
            for name, exchange in (
                ("vigie", lambda: exchange_of_vigie(f"{chosen.target}/vigie")),
                ("scapy", exchange_of_scapy),
            ):
                seconds, answers = exchange()
                assert answers == 1000, f"{name}: {answers} answers of 1000"
                times[name].append(seconds)
        medians = {name: statistics.median(values) for name, values in times.items()}
        for name, values in times.items():
            print(f"sr of 1,000 SYNs, {name:<10} median {medians[name]:.4f} s, best {min(values):.4f} s")
        print(f"scapy / vigie: {medians['scapy'] / medians['vigie']:.1f}")
    finally:
        for name in (NEAR, FAR):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


if __name__ == "__main__":
    main()
