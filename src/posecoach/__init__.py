"""posecoach: a calm movement coach for qigong."""
