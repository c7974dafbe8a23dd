#!/bin/bash
# Starts one member of the replica set in MongoDB's own image.
set -eu
secrets=/run/secrets/safespace

# mongod wants its key file to itself, and what is mounted belongs to somebody else.
install -m 0400 "$secrets/mongodb-keyfile" /tmp/keyfile

# The first member begins with the administrator; the others begin empty and copy from it.
case "$HOSTNAME" in
    *-[1-9]*) ;;
    *)
        export MONGO_INITDB_ROOT_USERNAME=administrator
        export MONGO_INITDB_ROOT_PASSWORD_FILE="$secrets/mongodb-administrator-password"
        ;;
esac

# Nothing personal lands in its log: profiling is off and no operation counts as slow. What a killed
# process had begun is in everybody's way for 20 s.
exec docker-entrypoint.sh mongod --replSet safespace --keyFile /tmp/keyfile --bind_ip_all \
    --networkMessageCompressors disabled --profile 0 --slowms 1000000 --quiet \
    --setParameter transactionLifetimeLimitSeconds=20
