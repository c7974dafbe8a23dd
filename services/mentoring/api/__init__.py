"""HTTP routes and their models. No answer to a POST or PUT repeats a text: texts are read."""
