"""The experiments, one small module a theme. Listed in the order in which they run: cheap and telling first."""

MODULES = tuple(
    f"{__name__}.{name}"
    for name in (
        "ceilings",
        "numpy_net",
        "learning",
        "arithmetic",
        "generation",
        "request",
        "load",
        "formats",
        "engines",
        "gpu",
    )
)
