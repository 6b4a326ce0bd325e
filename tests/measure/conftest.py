"""One thread of arithmetic in tests: what is tested is not speed, and threads that spin slow a busy machine."""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
