"""Directs: who stands where, in which mood, looking at what; no edition, no size."""

from panelwright.staging.direct import direct
from panelwright.staging.load import Staging, load_staging
from panelwright.staging.model import CastMember, Hologram, Shot

__all__ = ["CastMember", "Hologram", "Shot", "Staging", "direct", "load_staging"]
