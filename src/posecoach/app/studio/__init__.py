"""The teacher's studio: from recordings to a form that can be sent."""
