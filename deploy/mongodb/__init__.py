"""Databases, users and least rights on MongoDB."""

from deploy.mongodb.users import ACCOUNTS, Account, accounts, ensure_users

__all__ = ["ACCOUNTS", "Account", "accounts", "ensure_users"]
