"""The process's stop, seen by everything that would otherwise hold a request open: event streams wait on it."""

import asyncio

# Set once, in the serving loop, before the server is told to stop; never cleared.
stopping = asyncio.Event()
