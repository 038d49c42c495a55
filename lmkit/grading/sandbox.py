"""A kernel for code that nobody has read: no network, no files but Python's, no sight of the course.

bubblewrap gives the kernel a file system of its own, in which the course's folder does not exist, and namespaces of its
own for processes and the network. The kernel and the grader talk over sockets in a private folder that lives as long as
the kernel.
"""

import functools
import json
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Instance, Integer, List, Unicode

LMKIT = Path(__file__).parents[1]
MAX_MESSAGE, MAX_MESSAGES = 2**25, 8
"""Bytes of one message of a kernel, and messages of each channel, that wait in the grader's memory."""
ENVIRONMENT = {
    "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": str(LMKIT.parent),
    "OMP_NUM_THREADS": "1",
}
"""All that a shut-in program finds in its environment, bubblewrap's own process included."""


@functools.cache
def sandbox_problem() -> str | None:
    """Say why students' code cannot be shut in on this machine.

    Returns:
        ``None`` if it can, otherwise one line for the instructor.

    Example:
        >>> sandbox_problem() in (None, "install bubblewrap") or sandbox_problem().startswith("bubblewrap")
        True
    """
    if shutil.which("bwrap") is None:
        return "install bubblewrap"
    with tempfile.TemporaryDirectory() as folder:
        command = sandbox_command(["true"], Path(folder))
        trial = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if trial.returncode != 0:
        return f"bubblewrap is installed but does not start: {trial.stderr.strip()}"
    return None


def keyring_filter() -> bytes:
    """Return a seccomp program that forbids the kernel's keyrings, in which a process can leave things for later ones.

    Returns:
        Instructions of the classic BPF machine; empty on a processor for which there are none here.
    """
    keyring_calls = {"x86_64": (0xC000003E, 248, 250), "aarch64": (0xC00000B7, 217, 219)}
    if platform.machine() not in keyring_calls:
        return b""
    machine, first, last = keyring_calls[platform.machine()]
    load, equal, at_least, end = 0x20, 0x15, 0x35, 0x06
    program = [
        (load, 0, 0, 4),  # the machine whose system calls these are
        (equal, 0, 5, machine),
        (load, 0, 0, 0),  # the number of the call
        (at_least, 3, 0, 0x40000000),  # another table of the same machine
        (at_least, 0, 1, first),
        (at_least, 0, 1, last + 1),
        (end, 0, 0, 0x7FFF0000),  # allowed
        (end, 0, 0, 0x00050001),  # EPERM
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def sandbox_command(
    command: list[str],
    private_folder: Path,
    memory_gib: int = 8,
    num_processes: int = 512,
    hidden: Path = LMKIT,
) -> list[str]:
    """Wrap a command so that it runs shut in.

    What it sees: the system's programs and libraries, and this Python with its packages, all read-only; an empty
    ``/tmp`` in memory; and one folder that it may write.

    Args:
        command: The program and its arguments.
        private_folder: The one folder shared with the outside; the command starts in its ``work`` if there is one.
        memory_gib: Address space that each process may take.
        num_processes: Processes and threads; the system does not hold root to it.
        hidden: The folder, lmkit or part of it, that it sees empty, but for the channel between answers and tests.

    Returns:
        The program and the arguments to run instead.
    """
    rules = private_folder / "keyring.bpf"
    rules.write_bytes(keyring_filter())
    sandbox = ["sh", "-c", 'exec 9<"$0" "$@"', str(rules)] if rules.stat().st_size else []
    sandbox += ["bwrap", *(["--seccomp", "9"] if sandbox else [])]
    sandbox += ["--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--die-with-parent"]
    sandbox += ["--hostname", "sandbox", "--proc", "/proc", "--dev", "/dev"]
    for folder, size in (("/tmp", 2**30), ("/dev/shm", 2**28)):
        sandbox += ["--size", str(size), "--tmpfs", folder]
    for folder in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if Path(folder).is_symlink():
            sandbox += ["--symlink", str(Path(folder).readlink()), folder]
        elif Path(folder).exists():
            sandbox += ["--ro-bind", folder, folder]
    visible = ["/usr", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime"]
    packages = [path for path in sys.path if path.endswith("-packages")]  # an environment may lend those of another
    for path in dict.fromkeys([*visible, sys.base_prefix, sys.prefix, *packages, str(LMKIT)]):
        sandbox += ["--ro-bind-try", path, path]
    sandbox += ["--bind", str(private_folder), str(private_folder), "--chdir", str(private_folder)]
    if (private_folder / "work").is_dir():
        sandbox += ["--chdir", str(private_folder / "work")]
    channel = str(LMKIT / "grading" / "channel")
    sandbox += ["--tmpfs", str(hidden), "--ro-bind", channel, channel]
    for folder in ("/", "/dev", str(hidden)):  # in memory, and of no limited size
        sandbox += ["--remount-ro", folder]
    sandbox.append("--clearenv")
    for name, value in ENVIRONMENT.items():
        sandbox += ["--setenv", name, value]
    limits = [f"--as={memory_gib * 2**30}", f"--nproc={num_processes}", f"--fsize={2**28}", "--core=0"]
    return [*sandbox, "prlimit", *limits, *command]


class CountingChannel(AsyncZMQSocketChannel):
    """Counts the replies to each request, of which a kernel sends one: another was sent by the student's code."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.replies: Counter[str] = Counter()

    async def get_msg(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """Wait for a message."""
        msg = await super().get_msg(*args, **kwargs)
        if msg["msg_type"] == "execute_reply":
            self.replies[str(msg["parent_header"].get("msg_id"))] += 1
        return msg


class SandboxedKernelManager(AsyncKernelManager):
    """Start ipykernel in the sandbox, in a copy of the notebook's folder from which the notebooks are left out.

    The notebook being graded holds the hidden tests, so the kernel that runs it must not find it on disk.

    Example:
        Its limits are settings of ``nbgrader_config.py``:

        >>> from traitlets.config import Config
        >>> settings = Config(SandboxedKernelManager={"memory_gib": 4})
        >>> SandboxedKernelManager(config=settings).memory_gib
        4
    """

    def client(self, **kwargs: Any) -> AsyncKernelClient:  # type: ignore[override]
        """Make a client in whose memory little waits; a longer message is lost, and perhaps others after it."""
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
        context.setsockopt(zmq.RCVHWM, MAX_MESSAGES)
        return super().client(**{"context": context, "shell_channel_class": CountingChannel} | kwargs)

    folder_descriptor: int | None = None
    memory_gib = Integer(8, help="Address space that each of the student's processes may take.").tag(config=True)
    hidden = Instance(Path, (LMKIT,), help="What of lmkit the student's code does not see.")
    modules = List(Unicode(), help="What the kernel loads before the notebook runs.")
    num_processes = Integer(512, help="Processes and threads that the student's code may start.").tag(config=True)

    async def _async_pre_start_kernel(self, **kw: Any) -> tuple[list[str], dict[str, Any]]:
        self.private_folder = Path(tempfile.mkdtemp(prefix="kernel-")).resolve()
        work = self.private_folder / "work"
        shutil.copytree(kw.pop("cwd"), work, ignore=shutil.ignore_patterns("*.ipynb"), symlinks=True)
        # A socket's name has at most 107 bytes; a path below a folder for temporary files may well have more.
        self.folder_descriptor = os.open(self.private_folder, os.O_RDONLY)
        short = Path(f"/proc/self/fd/{self.folder_descriptor}")
        self.transport = "ipc"
        self.ip = str((short if short.exists() else self.private_folder) / "ipc")
        self.connection_file = str(self.private_folder / "connection.json")
        inside = self.private_folder / "kernel.json"
        kernel = [sys.executable, "-m", "lmkit.grading.channel.kernel", *self.modules, "--", "-f", str(inside)]
        self._kernel_spec = KernelSpec(
            argv=sandbox_command(kernel, self.private_folder, self.memory_gib, self.num_processes, self.hidden),
            display_name="Python 3 (shut in)",
            language="python",
            interrupt_mode="message",  # a signal would end bubblewrap instead
        )
        # What the kernel's process itself writes would end in the grader's own output, unbounded.
        kw |= {"cwd": str(work), "env": ENVIRONMENT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = await super()._async_pre_start_kernel(**kw)
        connection = json.loads(Path(self.connection_file).read_text(encoding="utf-8"))
        inside.write_text(json.dumps(connection | {"ip": "../ipc"}), encoding="utf-8")  # from `work`, where it starts
        return started

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            if self.folder_descriptor is not None:
                os.close(self.folder_descriptor)
                self.folder_descriptor = None
            shutil.rmtree(self.private_folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources  # what nbclient calls for a kernel that has died
