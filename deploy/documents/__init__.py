"""Documents made from the code, so that they cannot grow old: `python -m deploy.documents`."""
