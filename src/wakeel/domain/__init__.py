"""Rules that are true without SQL, HTTP and a clock. Standard library only."""
