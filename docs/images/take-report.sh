#!/usr/bin/env bash
# Takes the README's picture again: docs/images/take-report.sh runs/tune-fashion-mnist
set -euo pipefail
report=$(readlink -f "$1/report.html")
picture=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/report.png

# Chromium refuses to start as root with its sandbox.
((EUID == 0)) && alone=(--no-sandbox) || alone=()
chromium --headless=new "${alone[@]}" --disable-gpu --hide-scrollbars --window-size=1280,1180 \
  --virtual-time-budget=5000 --screenshot="$picture" "file://$report" 2>/dev/null

size=$(stat -c %s "$picture")
((size < 400000)) || { echo "The picture must be smaller than 400 kB. Received: $size bytes." >&2; exit 1; }
echo "$picture, $size bytes"
