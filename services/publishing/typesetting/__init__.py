"""From one Markdown source to the web, to paper and to search. Knows no storage and no request."""
