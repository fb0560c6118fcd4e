#!/usr/bin/env python3
"""Runs a command and prints its send rate on an interface, in kpps:
   send_rate.py IFACE COMMAND...     (in the interface's namespace; the command's output is discarded)
The rate is measured between 10 % and 90 % of all frames that the interface counts, less the resets that the kernel
sends for half-open connections. Fails if the command fails or sends nothing."""
import subprocess
import sys
import time

sent = open(f"/sys/class/net/{sys.argv[1]}/statistics/tx_packets")
snmp = open("/proc/net/snmp")


def frames():
    sent.seek(0)
    snmp.seek(0)
    names, values = [line.split() for line in snmp if line.startswith("Tcp:")]
    return int(sent.read()) - int(values[names.index("OutRsts")])


before = frames()
process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seen = []
while process.poll() is None:
    seen.append((time.monotonic(), frames() - before))
    time.sleep(0.004)
if process.returncode != 0:
    sys.exit(f"{sys.argv[2]} failed with exit code {process.returncode}")
total = seen[-1][1] if seen else 0
if total <= 0:
    sys.exit(f"{sys.argv[2]} sent no frame on {sys.argv[1]}")
first = next(s for s in seen if s[1] >= 0.1 * total)
last = next(s for s in seen if s[1] >= 0.9 * total)
print(f"{(last[1] - first[1]) / (last[0] - first[0]) / 1000:.0f} kpps ({total} frames)")
