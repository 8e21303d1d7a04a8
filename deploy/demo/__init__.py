"""`make demo`: three invented outlets on loopback, crawled on two nights."""
