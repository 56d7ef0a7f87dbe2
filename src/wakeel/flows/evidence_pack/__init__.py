"""What is written into every evidence pack as it stands: the script that checks it, and how to use it."""
