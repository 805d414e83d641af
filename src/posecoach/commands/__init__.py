"""What each command does, without its options' parsing (see `posecoach.cli`)."""
