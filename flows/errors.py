"""Errors around Prefect. A message is one line that names the fault and the remedy."""

from __future__ import annotations

from pathlib import Path

from storage.errors import PressrunError


class PortTakenError(PressrunError):
    """Another program listens on the port for the Prefect server."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken (by another `pressrun up`?); stop that program, or "
            f"choose another with --port {port + 1 if port < 65535 else 4200}"
        )
        self.port = port


class AlreadyUpError(PressrunError):
    """Another `pressrun up` runs with the same files of the server."""

    exit_code = 75

    def __init__(self, home: Path, pid: str, url: str) -> None:
        super().__init__(
            f"`pressrun up` runs already (process {pid}, {url}) with {home}; use that one, stop it first, or start "
            "another with its own PRESSRUN_DATA"
        )


class ServerFailedError(PressrunError):
    """The Prefect server or its worker did not start, or exited."""

    exit_code = 1

    def __init__(self, what: str, log: Path, last: str) -> None:
        super().__init__(f"{what}; its log is {log}{f', which ends: {last}' if last else ''}")


class ServerUnreachableError(PressrunError):
    """No Prefect server answers at an address."""

    def __init__(self, api_url: str, why: str) -> None:
        super().__init__(
            f"no Prefect server answers at {api_url} ({why}); start one with `pressrun up`, or correct PREFECT_API_URL"
        )


class NoServerNamedError(PressrunError):
    """A command needs a Prefect server, and none is named."""

    def __init__(self) -> None:
        super().__init__(
            "no Prefect server is named; set PREFECT_API_URL, such as http://server:4200/api, or use `pressrun up`"
        )


class NoSuchPoolError(PressrunError):
    """The server has no work pool of this name."""

    def __init__(self, pool: str, api_url: str) -> None:
        super().__init__(
            f"the Prefect server at {api_url} has no work pool {pool}; `pressrun deploy` makes the pool pressrun, "
            "which a worker serves without --pool"
        )


class DeploymentMissingError(PressrunError):
    """A deployment of Pressrun is not registered on the server."""

    def __init__(self, name: str, api_url: str) -> None:
        super().__init__(
            f"the Prefect server at {api_url} has no deployment {name}; `pressrun deploy` registers it, and so does "
            "`pressrun up` for its own server"
        )


class RelativeDatabaseError(PressrunError):
    """The database path is relative: a flow run, in its own working folder, would create a new, empty database."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"PRESSRUN_DB is {url}, a relative path, but a flow run has another working folder; give the worker an "
            "absolute path (sqlite:////home/...), or start it with `pressrun up`"
        )


class RefusedParametersError(PressrunError):
    """The Prefect server rejected the parameters of a run."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"the parameters of {name} are not valid: {why}")
