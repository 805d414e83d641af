"""Coaching: the session that brings following and measuring together, and what it says."""
