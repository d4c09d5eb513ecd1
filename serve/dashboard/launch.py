"""Starts Streamlit with settings that keep the pages on this machine unless people sign in."""

import importlib.util
import os
import sys
from pathlib import Path

from serve.dashboard.access import (
    SECRETS_VARIABLE,
    is_loopback,
    read_sign_in,
    refuse_open_door,
    secrets_file,
)
from serve.errors import ConfigurationError, ServeError
from serve.workspace import Workspace

# In a folder of its own, because Streamlit lets everything beside it be imported by its bare name.
_APP = Path(__file__).parent / "live" / "app.py"
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


def launch(workspace: Workspace, address: str, port: int) -> None:
    """Become Streamlit, listening on one address; Ctrl-C ends it.

    Errors: ConfigurationError when other machines could reach it without signing in.
    """
    secrets = secrets_file(workspace.project_dir)
    if os.environ.get(SECRETS_VARIABLE) and not secrets.exists():
        raise ConfigurationError(f"{SECRETS_VARIABLE} names {secrets}, which is not there")
    refuse_open_door(address, read_sign_in(secrets))
    if importlib.util.find_spec("streamlit") is None:
        raise ServeError("Streamlit is not installed; run `make dashboard`, which installs it")
    environment = os.environ | {"PYTHONPATH": str(workspace.project_dir)}
    # Each thread's own heap would keep what its last answer took; two are enough for ten people.
    environment.setdefault("MALLOC_ARENA_MAX", "2")
    environment.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    arguments = command(address, port, secrets if secrets.exists() else None)
    os.execve(sys.executable, [sys.executable, *arguments], environment)


def command(address: str, port: int, secrets: Path | None) -> list[str]:
    """Return the arguments of Python that start the pages."""
    settings: dict[str, str | int] = {
        "server.address": address,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.enableXsrfProtection": "true",
        "server.maxUploadSize": 1,
        "browser.gatherUsageStats": "false",
        # The charts are drawn in dark ink.
        "theme.base": "light",
        "client.toolbarMode": "minimal",
        # Their own CSV would let cells be run as formulas; ours does not.
        "client.disableDataExport": "true",
        # A traceback may quote rows.
        "client.showErrorDetails": "none",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    if is_loopback(address):
        # A name of the internet that resolves to this machine gets no answer.
        options += [f"--server.allowedHosts={host}" for host in _LOOPBACK_HOSTS]
    if secrets:
        options.append(f"--secrets.files={secrets}")
    return ["-m", "streamlit", "run", str(_APP), *options]
