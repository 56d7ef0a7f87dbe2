"""What is wrong with the body of a `/messages` call, in Meta's words.

Every limit stands here by its own source and is never taken from the product, so that a wrong limit is caught twice.
Sources, unless said otherwise: Meta, Cloud API message pages and OpenAPI file, read 2026-11-22.
"""
