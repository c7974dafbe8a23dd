"""An OpenID Connect provider with demo people, for the local copy only."""
