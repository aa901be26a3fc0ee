"""Rules about the file itself rather than about a training run."""
