#!/bin/sh
# Makes sure that the embedded servers can run: RabbitMQ, and the library that mongod needs.
# `MONGODB_URL` and `AMQP_URL` name servers that are there already; then nothing is installed.
set -eu
here=$(dirname "$0")
missing=

if [ -z "${AMQP_URL:-}" ]; then
    ls /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server >/dev/null 2>&1 ||
        command -v rabbitmq-server >/dev/null || missing=rabbitmq-server
fi
if [ -z "${MONGODB_URL:-}" ] && [ "$(uname -s)" = Linux ] && ! command -v mongod >/dev/null; then
    # ldconfig stands in sbin, which is not on everybody's PATH.
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q 'libcurl\.so\.4' || missing="$missing libcurl4"
fi

[ -n "$missing" ] || exit 0
echo "Installerar · Installing:" $missing
exec "$here/apt.sh" $missing
