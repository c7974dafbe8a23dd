"""Notifications: reaches people by SMS, e-mail and inbox, and hears their answers.

It owns contact cards, messages, deliveries, reminders and offer codes. It hears booking's events
and tells `message-delivered`, `message-failed`, `recipient-unreachable`, `reply-received` and its
own sealing key. See README.md.
"""
