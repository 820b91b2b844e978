#!/bin/sh
# Debian packages that the tests on real parts use: mosquitto, the broker that units meet in the field, and libusb,
# which the library for USB scanners loads.
# Touches nothing when they are there. Says what it could not do; the tests that need them then fail and say so.
set -u
missing=''
for package in mosquitto; do
  if ! command -v "$package" >/dev/null 2>&1 && [ ! -x "/usr/sbin/$package" ]; then missing="$missing $package"; fi
done
if ! ldconfig -p 2>/dev/null | grep -q libusb-1.0.so.0 && ! /sbin/ldconfig -p 2>/dev/null | grep -q libusb-1.0.so.0; then
  missing="$missing libusb-1.0-0"
fi
if [ -z "$missing" ]; then
  echo "Debian packages: all here"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing:$missing. This machine has no apt-get: install them its own way." >&2
  exit 0
fi
as_root=''
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then
    as_root='sudo -n'
  else
    echo "Missing:$missing. Not root here: run  sudo apt-get install$missing" >&2
    exit 0
  fi
fi
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
# Without a service: the tests start brokers of their own on loopback and end them.
policy=/usr/sbin/policy-rc.d
held=''
if [ ! -e "$policy" ] && printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null; then
  $as_root chmod +x "$policy"
  held=yes
fi
# shellcheck disable=SC2086
if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing; } >/tmp/pawl-setup.$$ 2>&1; then
  tail -5 /tmp/pawl-setup.$$ >&2
  echo "Could not install:$missing. The tests on real brokers will fail and say so." >&2
fi
rm -f /tmp/pawl-setup.$$
if [ -n "$held" ]; then $as_root rm -f "$policy"; fi
exit 0
