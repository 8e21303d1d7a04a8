"""PostgreSQL, Redis, two Prefect servers and two workers, all real, on loopback: `make test-cluster`."""
