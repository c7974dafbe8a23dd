"""The ways out of the house, and the dispatcher that drives them."""
