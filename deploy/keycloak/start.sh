#!/bin/bash
# Starts Keycloak in its own image: its secrets come as files, and it asks for them by environment.
set -eu
secrets=/run/secrets/safespace
KC_DB_PASSWORD=$(<"$secrets/keycloak-database-password")
KC_BOOTSTRAP_ADMIN_PASSWORD=$(<"$secrets/keycloak-administrator-password")
WEB_CLIENT_SECRET=$(<"$secrets/keycloak-web-client-secret")
export KC_DB_PASSWORD KC_BOOTSTRAP_ADMIN_PASSWORD WEB_CLIENT_SECRET
exec /opt/keycloak/bin/kc.sh start --optimized --import-realm
