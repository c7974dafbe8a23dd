"""Databases, users and least rights on MongoDB."""

from deploy.mongodb.users import Account, accounts, ensure_users

__all__ = ["Account", "accounts", "ensure_users"]
