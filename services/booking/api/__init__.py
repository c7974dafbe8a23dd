"""The front desk: routes, and what is sent and answered. A route asks one use case and no more."""
