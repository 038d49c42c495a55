"""Processes that grade side by side, one submission after the other, and none of which can stop the others.

A worker reads tasks from its standard input, one JSON text a line, and answers
each with a line. It ends with its parent, however that ends, and takes its kernels and its temporary files with it.
"""

import contextlib
import ctypes
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil

from lmkit.grading.submission import grade_submission

PROGRAM = "import sys; from lmkit.grading import workers; workers.main(int(sys.argv[1]), sys.argv[2])"
SET_DEATH_SIGNAL = 1  # of the system call prctl


class WorkerDied(Exception):
    """A worker ended in the middle of a task; the message says how."""


class Worker:
    """A process for tasks, started when the first one comes.

    Args:
        folder: Where its temporary files go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen | None = None

    def run(self, task: dict[str, Any]) -> str | None:
        """Carry out one task.

        Returns:
            ``None``, or why it could not be done.

        Raises:
            WorkerDied: If the process did not survive it.
        """
        if self.process is None:
            command = [sys.executable, "-c", PROGRAM, str(os.getpid()), str(self.folder)]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
        answer = process.stdout.readline()
        if not answer.endswith("\n"):
            code = process.wait()
            self.close()
            reason = f"ended by signal {-code}: out of memory?" if code < 0 else f"exit status {code}"
            raise WorkerDied(f"the grader's process died in it ({reason})")
        problem: str | None = json.loads(answer)
        return problem

    def close(self) -> None:
        """End the process and what it has started."""
        if self.process is not None:
            with contextlib.suppress(OSError), self.process:
                end_children(self.process.pid)
                self.process.terminate()
        self.process = None


def run_tasks(tasks: Iterable[dict[str, Any]], jobs: int, folder: Path) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Carry out tasks side by side.

    A task in which a worker dies is tried once more, since another process may have taken the machine's memory.

    Args:
        tasks: Arguments of :func:`~lmkit.grading.submission.grade_submission`.
        jobs: How many at the same time.
        folder: For temporary files.

    Yields:
        Each task when it has ended, with ``None`` or why it could not be done.
    """
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    ended: queue.SimpleQueue = queue.SimpleQueue()
    tasks = list(tasks)
    for task in tasks:
        waiting.put(task)
    workers = [Worker(folder) for _ in range(min(jobs, len(tasks)))]

    def work(worker: Worker) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                task = waiting.get_nowait()
                try:
                    ended.put((task, worker.run(task)))
                except WorkerDied as death:
                    if task.get("again"):
                        ended.put((task, str(death)))
                    else:
                        waiting.put(task | {"again": True})
                except Exception as error:
                    ended.put((task, f"{type(error).__name__}: {error}"))
        finished.wait()  # a worker's process ends with the thread that has started it

    finished = threading.Event()
    threads = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in workers]
    try:
        for thread in threads:
            thread.start()
        for _ in tasks:
            yield ended.get()
    finally:
        while not waiting.empty():
            waiting.get_nowait()
        for worker in workers:
            worker.close()
        finished.set()


def end_children(pid: int) -> None:
    """Kill all processes that a process has started, and those that they have."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()


def end_with_parent(parent: int, folder: Path) -> None:
    """Have this process end when its parent does, with its children and without its temporary files."""

    def end(number: int, frame: Any) -> None:
        end_children(os.getpid())
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()  # the last worker of a grader that was killed
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent as well
    signal.signal(signal.SIGTERM, end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        end(signal.SIGTERM, None)


def main(parent: int, folder: str) -> None:
    """Read tasks and answer them until there are no more."""
    own = Path(tempfile.mkdtemp(prefix="w", dir=folder))
    end_with_parent(parent, own)
    tempfile.tempdir = str(own)
    warnings.simplefilter("ignore")  # nbgrader's own
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    for line in sys.stdin:
        task = json.loads(line)
        task.pop("again", None)
        try:
            problem = grade_submission(**task)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        print(json.dumps(problem), file=answers, flush=True)
    end_children(os.getpid())
    shutil.rmtree(own, ignore_errors=True)
