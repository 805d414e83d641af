"""Overlay: the one renderer that draws the engine's state on the picture."""

from posecoach.overlay.renderer import Renderer
from posecoach.overlay.writer import OverlayWriter

__all__ = ["OverlayWriter", "Renderer"]
