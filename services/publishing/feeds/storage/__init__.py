"""Where feeds keep things: the log, partners, webhooks, receipts, bulletins."""
