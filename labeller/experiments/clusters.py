"""Workers for the cells of a comparison: joblib's backends, on this machine or a cluster.

Users start clusters, and are responsible for them: schedulers listen on ports and run whatever they
are sent. None is started here; without an address, processes of this machine do the work.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import joblib

from labeller.core.errors import LabellerError

BACKENDS = ("loky", "dask", "ray")
"""joblib's backends: processes of this machine, or an existing cluster."""


@dataclass(frozen=True)
class Workers:
    """Where cells run.

    Attributes:
        jobs: cells at a time; -1 for as many as possible.
        backend: one of `BACKENDS`.
        scheduler: the address of a Dask or Ray cluster; "" for processes of this machine.
        threads: for torch in each job; None keeps its default.
    """

    jobs: int = 1
    backend: str = "loky"
    scheduler: str = ""
    threads: int | None = None


def cluster(workers: Workers) -> AbstractContextManager[Any]:
    """joblib's backend, with a client of the cluster if it needs one.

    Raises:
        LabellerError: the package is missing.
    """
    if workers.backend == "loky":
        return _here(workers)
    try:
        return _dask(workers) if workers.backend == "dask" else _ray(workers)
    except ImportError as error:
        raise LabellerError(
            "The backend '{backend}' needs a package that is missing ({error}). Install "
            "'labeller[research]'.",
            backend=workers.backend,
            error=error,
        ) from error


def _here(workers: Workers) -> AbstractContextManager[Any]:
    """Use processes of this machine, which get their tasks through pipes."""
    return joblib.parallel_config(backend="loky", n_jobs=workers.jobs)


@contextmanager
def _in_dask(workers: Workers, make: Callable[..., Any]) -> Iterator[None]:
    with make(workers.scheduler), joblib.parallel_config(backend="dask", n_jobs=workers.jobs):
        yield


def _dask(workers: Workers) -> AbstractContextManager[Any]:
    from distributed import Client

    return _in_dask(workers, Client) if workers.scheduler else _here(workers)


def _ray(workers: Workers) -> AbstractContextManager[Any]:
    import ray
    from ray.util.joblib import register_ray

    if not workers.scheduler:
        return _here(workers)
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(address=workers.scheduler, ignore_reinit_error=True, log_to_driver=False)
    register_ray()
    return joblib.parallel_config(backend="ray", n_jobs=workers.jobs)
