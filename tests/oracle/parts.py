"""Compares cases on all processors: parts beside each other, the cases of a part one after another, what is found in the order of the parts."""
import concurrent.futures
import gc
import multiprocessing
import os
import signal
import traceback

from compare import Tally


class Part:
    """Cases that share what they are made of.  compare: a function of a Tally, the folder of the programs and a case; prepare: makes their files."""

    def __init__(self, compare, cases, prepare=None, is_long=False):
        self.compare, self.cases, self.prepare, self.is_long = compare, cases, prepare, is_long


def begin(parts, programs):
    """In a new worker, which has its parent's parts: signals end it at once."""
    begin.parts, begin.programs = parts, programs
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def failed(case, words):
    tally = Tally()
    tally.check("run", case.name, False, words)
    return tally


def compare_part(number):
    """A tally for each case."""
    part, begin.parts[number] = begin.parts[number], None
    try:
        if part.prepare:
            part.prepare()
    except Exception:
        return [failed(case, traceback.format_exc()) for case in part.cases]
    found = []
    for case in part.cases:
        tally = Tally()
        try:
            part.compare(tally, begin.programs, case)
        except Exception:
            tally.add(failed(case, traceback.format_exc()))
        found.append(tally)
    del part
    gc.collect()  # what the cases shared
    return found


def compare_all(parts, programs):
    """Each case and its tally.  Long parts begin first, so that none is left at the end."""
    pool = concurrent.futures.ProcessPoolExecutor(len(os.sched_getaffinity(0)), multiprocessing.get_context("fork"), begin, (parts, programs))
    try:
        futures = {}
        for number in sorted(range(len(parts)), key=lambda number: not parts[number].is_long):
            futures[number] = pool.submit(compare_part, number)
        for number, part in enumerate(parts):
            try:
                found = futures[number].result()
            except Exception:  # a worker is gone
                found = [failed(case, traceback.format_exc()) for case in part.cases]
            yield from zip(part.cases, found)
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
