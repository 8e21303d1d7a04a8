"""How each kind of seed is walked: which of its documents are asked for, in which order, and when it is enough."""
