"""What stands inside a bubble, read from the request or the webhook part that made it."""
