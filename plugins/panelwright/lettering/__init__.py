"""Letters the panels: words are broken, placed and drawn; one size, never shrunk."""

from panelwright.lettering.letter import letter
from panelwright.lettering.model import Lettering, Placed, Room
from panelwright.lettering.room import room_needed

__all__ = ["Lettering", "Placed", "Room", "letter", "room_needed"]
