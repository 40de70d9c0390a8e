"""The desk: the staff's task view onto the same forms and acts as the admin."""
