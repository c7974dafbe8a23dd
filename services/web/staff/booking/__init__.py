"""The console's pages of booking: occasions, the line, the day itself, bookings, imports, rooms."""
