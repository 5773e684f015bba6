"""Preload: imported once by the fork server, so that every worker starts with all that a page needs.

The language model costs 0.5 s to load, the extractors another 0.5 s: paid once, not once a worker.
"""

import os

# Read by numpy when it is imported: a pool of threads in each process would fight over the cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import py3langid

import pipelines.clean.article  # noqa: F401

py3langid.classify("The model is read at the first call.")
