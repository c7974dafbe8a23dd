"""A one-shot job: `python -m deploy.mongodb` forms the replica set and makes its users and roles.

It reads `mongodb-administrator-url`, and `<user>-mongodb-url` for every account: the password that
a user is given is the one in the URL that its service was given. To be run again after an upgrade;
again is harmless.
"""

from __future__ import annotations

import sys
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.mongodb.replica_set import NoPrimary, form
from deploy.mongodb.users import ACCOUNTS, ensure_users
from deploy.mounted_secrets import MountedSecrets, NoSecret


def main() -> None:
    """Form, make, say how many; exit code 1 and the kind of error when it did not go."""
    secrets = MountedSecrets()
    try:
        administrator_url = secrets.read("mongodb-administrator-url")
        passwords = {a.user: secrets.password_in(f"{a.user}-mongodb-url") for a in ACCOUNTS}
        form(administrator_url)
        with MongoClient[dict[str, Any]](administrator_url) as administrator:
            ensure_users(administrator, ACCOUNTS, passwords)
    except (NoSecret, NoPrimary) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except PyMongoError as error:
        sys.exit(type(error).__name__)
    print(f"replica set and {len(ACCOUNTS)} users are in place")


if __name__ == "__main__":
    main()
