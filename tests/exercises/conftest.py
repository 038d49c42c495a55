# The prepared answers are read as text; pytest must not import them.
collect_ignore_glob = ["*/*/*.py"]
