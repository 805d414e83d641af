"""Reference: the teacher's sequence, its files, its library and how one is made."""
