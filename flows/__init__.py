"""Prefect flows, the command line, and reports to the Prefect UI."""
