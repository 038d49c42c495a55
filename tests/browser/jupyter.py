"""A Jupyter server of the tests' own, on a free port, with a token, in a folder that nobody else uses."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "only-for-this-test"
NOTIFICATIONS = ".jupyter/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"


@contextmanager
def jupyter_lab(folder: Path, home: Path, *arguments: str) -> Iterator[str]:
    """Start JupyterLab in a folder, with more arguments if there are any; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (home / NOTIFICATIONS).parent.mkdir(parents=True)
    (home / NOTIFICATIONS).write_text('{"fetchNews": "false"}')  # it would ask, over what a picture shows
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--no-browser", "--allow-root"]
    options += [f"--IdentityProvider.token={TOKEN}", "--LabApp.check_for_updates_class="]
    options[-1] += "jupyterlab.NeverCheckForUpdate"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    environment |= {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "jupyterlab", *options, *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as server:
        log = []
        for line in server.stderr:
            log.append(line)
            if f"127.0.0.1:{port}/" in line:
                break
        else:
            raise RuntimeError("JupyterLab did not start:\n" + "".join(log))
        drain = threading.Thread(target=server.stderr.read)
        drain.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()
            drain.join()
