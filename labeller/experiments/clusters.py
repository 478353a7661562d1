"""Who runs the cells of a comparison: joblib's backends, for this machine or a cluster."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import joblib

from labeller.core.errors import LabellerError

BACKENDS = ("loky", "dask", "ray")
"""joblib's: processes of this machine, or a cluster that is there."""


@dataclass(frozen=True)
class Workers:
    """Who works.

    Attributes:
        jobs: cells at a time; -1 takes all there are.
        backend: one of `BACKENDS`.
        scheduler: the address of a Dask or Ray cluster; "" starts one on this machine.
        threads: of torch in each job; None leaves them as they are.
    """

    jobs: int = 1
    backend: str = "loky"
    scheduler: str = ""
    threads: int | None = None


def cluster(workers: Workers) -> AbstractContextManager[Any]:
    """joblib's backend, with a client of the cluster where it needs one.

    Raises:
        LabellerError: the package is missing.
    """
    if workers.backend == "loky":
        return joblib.parallel_config(backend="loky", n_jobs=workers.jobs)
    try:
        return _dask(workers) if workers.backend == "dask" else _ray(workers)
    except ImportError as error:
        raise LabellerError(
            "The backend '{backend}' needs a package that is missing ({error}). Install "
            "'labeller[research]'.",
            backend=workers.backend,
            error=error,
        ) from error


@contextmanager
def _in_dask(workers: Workers, make: Callable[..., Any]) -> Iterator[None]:
    client = make(workers.scheduler) if workers.scheduler else make(threads_per_worker=1)
    with client, joblib.parallel_config(backend="dask", n_jobs=workers.jobs):
        yield


def _dask(workers: Workers) -> AbstractContextManager[None]:
    from distributed import Client

    return _in_dask(workers, Client)


def _ray(workers: Workers) -> AbstractContextManager[Any]:
    import ray
    from ray.util.joblib import register_ray

    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(address=workers.scheduler or None, ignore_reinit_error=True, log_to_driver=False)
    register_ray()
    return joblib.parallel_config(backend="ray", n_jobs=workers.jobs)
