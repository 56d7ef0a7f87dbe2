"""Templates that most businesses need, ready to be submitted; each file is one of them in Arabic and English."""
