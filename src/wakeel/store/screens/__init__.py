"""Read models of the pages: what one page shows, in a few queries, as plain values. Nothing here writes or decides."""
