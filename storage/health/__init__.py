"""The health of outlets: each is held against its own norm, and what is odd is a finding.

This module is the public face: other packages import from here, and not from the modules inside.
"""
