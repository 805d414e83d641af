"""Rendered people with known truth: bodies, movement, camera, room, pictures."""
