"""A stand-in for Meta's Cloud API. Imports nothing of the product, so that a wrong limit is caught twice."""
