"""When and how often: Prefect flows, the command line, reports to the Prefect UI."""
