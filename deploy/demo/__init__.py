"""A small press on loopback, and two nights of it: `make demo`. Everything in it is invented."""
