"""How numbers and dates are written, per language, instead of Django's own (which writes 18.500,00 in Arabic)."""
