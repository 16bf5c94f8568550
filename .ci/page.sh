#!/usr/bin/env bash
# The page of an audit in Chromium: page.sh FOLDER, which holds report.html.
set -euo pipefail
folder=$(realpath "${1:?the folder of report.html is wanted}")
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
export DEBIAN_FRONTEND=noninteractive

browser=""
for name in chromium chromium-browser google-chrome; do
  if browser=$(command -v "$name"); then break; fi
done
if [ -z "$browser" ]; then
  as_root apt-get update -q
  as_root apt-get install -y -q --no-install-recommends chromium
  browser=$(command -v chromium)
fi
if ! command -v npm >/dev/null; then
  as_root apt-get update -q
  as_root apt-get install -y -q --no-install-recommends nodejs npm
fi

# A module is looked for beside the script.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp .ci/page.mjs "$work/"
npm install --silent --no-audit --no-fund --prefix "$work" playwright-core@1.65.1 >/dev/null
CHROMIUM="$browser" node "$work/page.mjs" "$folder/report.html"
