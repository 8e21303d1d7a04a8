"""An outlet of the past on loopback, in every way that outlets show their past, and a web archive that has it too."""
