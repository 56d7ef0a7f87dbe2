"""Wakeel (وكيل): a WhatsApp operator flow. Start with docs/quickstart.md."""
