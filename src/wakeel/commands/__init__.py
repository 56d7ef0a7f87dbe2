"""What the console script can do, a module for each subject; `wakeel.cli` puts them together."""
