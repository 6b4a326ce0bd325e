"""Compiled templates are kept between runs: compiling those of a page takes longer than drawing it."""

from __future__ import annotations

from hashlib import sha256

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class CompiledTemplates(FileSystemBytecodeCache):
    """By name and content of the template, in the user's own temporary folder, which only the user may write."""

    @classmethod
    def of_user(cls) -> CompiledTemplates | None:
        """None where there is no such folder, or where it might be somebody else's."""
        try:
            return cls(pattern="panelwright-%s.cache")
        except (OSError, RuntimeError):
            return None

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return sha256(f"{name}\0{filename}\0{jinja2.__version__}".encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """A full or read-only disk costs time, nothing else."""
        try:
            super().dump_bytecode(bucket)
        except OSError:
            return
