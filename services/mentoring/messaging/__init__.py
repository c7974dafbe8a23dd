"""Events in and out. Outgoing alone decides what the world may know, which is next to nothing."""
