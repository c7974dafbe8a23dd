"""The ways out of the house, and the clockwork that drives them."""
