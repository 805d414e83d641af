"""Pose: a picture in, 33 points out; MediaPipe's landmarker and its model bundle."""
