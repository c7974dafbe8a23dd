"""mentoring: files of people who are helped, and the mentors who help them."""
