"""The console: what staff see and do, asked of the four APIs as the person who is signed in."""
