"""What can go wrong around Prefect. A message is one line that names the thing and the remedy."""

from __future__ import annotations

from pathlib import Path

from storage.errors import PressrunError


class PortTakenError(PressrunError):
    """Something else listens on the port that the Prefect server should have."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken (by another `pressrun up`?); stop what listens there, or "
            f"choose another with --port {port + 1 if port < 65535 else 4200}"
        )
        self.port = port


class ServerFailedError(PressrunError):
    """The Prefect server or its worker did not start, or ended by itself."""

    exit_code = 1

    def __init__(self, what: str, log: Path, last: str) -> None:
        super().__init__(f"{what}; its log is {log}{f', which ends: {last}' if last else ''}")


class ServerUnreachableError(PressrunError):
    """No Prefect server answers at an address."""

    def __init__(self, api_url: str, why: str) -> None:
        super().__init__(
            f"no Prefect server answers at {api_url} ({why}); start one with `pressrun up`, or correct PREFECT_API_URL"
        )


class DeploymentMissingError(PressrunError):
    """The server does not know a deployment of ours."""

    def __init__(self, name: str, api_url: str) -> None:
        super().__init__(
            f"the Prefect server at {api_url} has no deployment {name}; `pressrun up` registers it, and so does "
            "`prefect deploy --all --prefect-file deploy/prefect.yaml`"
        )


class RelativeDatabaseError(PressrunError):
    """A flow run has a folder of its own; a relative path would mean a new, empty database in it."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"PRESSRUN_DB is {url}, relative to a folder that a flow run does not have; give the worker an "
            "absolute path (sqlite:////home/...), or start it by `pressrun up`"
        )


class RefusedParametersError(PressrunError):
    """The Prefect server refuses the parameters of a run."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} does not take these parameters: {why}")
