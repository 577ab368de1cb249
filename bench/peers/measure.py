"""What the PyTorch side of every bench shares: its options, the timing loop, and the one line of JSON it prints."""

import argparse
import json
import os
import time

import torch


def options(**defaults):
    """Parses --seconds, --threads and the flags named in `defaults`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to measure after warming up")
    parser.add_argument("--threads", type=int, default=0, help="0 leaves PyTorch's default")
    for name, default in defaults.items():
        if isinstance(default, bool):
            parser.add_argument("--" + name.replace("_", "-"), action="store_true")
        else:
            parser.add_argument("--" + name.replace("_", "-"), type=type(default), default=default)
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    return chosen


# Processor time instead of the time on the wall, where bench/run was asked for it.
used = time.process_time if os.environ.get("ANNEAL_BENCH_CLOCK") == "processor" else time.perf_counter


def seconds_per_step(step, seconds, warmup=0.25):
    """Runs `step` for a quarter of the time, or at least three times, unmeasured; then measures for the time."""
    started = time.perf_counter()
    done = 0
    while done < 3 or time.perf_counter() - started < seconds * warmup:
        step()
        done += 1
    steps = 0
    started, used_before = time.perf_counter(), used()
    while True:
        step()
        steps += 1
        if time.perf_counter() - started >= seconds and steps >= 3:
            return (used() - used_before) / steps


def best(variants, seconds):
    """Tries every variant, a pair of threads and a function that makes a step, for a short time; measures the best."""
    tried = {}
    for name, (threads, make) in variants.items():
        torch.set_num_threads(threads)
        tried[name] = seconds_per_step(make(), seconds / 8)
    winner = min(tried, key=tried.get)
    threads, make = variants[winner]
    torch.set_num_threads(threads)
    return winner, seconds_per_step(make(), seconds), tried


def report(name, seconds, **more):
    line = {"name": name, "seconds_per_step": seconds, "threads": torch.get_num_threads(), "torch": torch.__version__}
    print(json.dumps(line | more), flush=True)
