"""Where a local copy's SMS and e-mail end up: a provider much like 46elks, and the phone."""
