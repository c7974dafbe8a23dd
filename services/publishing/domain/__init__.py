"""The rules of publishing: subscribers, consent, mailings, outcomes, limits and bounces."""
