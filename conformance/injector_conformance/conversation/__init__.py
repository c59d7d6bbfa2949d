"""Talking to a subject that serves: connections, and the steps of an exchange carried out."""
