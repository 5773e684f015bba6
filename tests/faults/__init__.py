"""Faults: a server that does, under one name each, what the web does to those who read it."""
