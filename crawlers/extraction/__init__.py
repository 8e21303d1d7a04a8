"""What a page says: pure functions from the bytes of a page to an article or a refusal. No network, no clock, no database."""
