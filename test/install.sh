#!/usr/bin/env bash
# Sees to what the tests need besides Go: a C compiler for the race detector, Node and npm for the reference
# implementation, Chromium for the pages, nginx to stand in front. What is missing is installed with apt-get where that
# is possible, and named otherwise. Quick when everything is there.
set -euo pipefail
cd "$(dirname "$0")"

oldest_node=18

have() { command -v "$1" >/dev/null 2>&1; }
any() { for name; do if have "$name"; then return; fi; done; return 1; }
node_is_new_enough() { have node && node -e "process.exit(Number(process.versions.node.split('.')[0]) >= $oldest_node ? 0 : 1)"; }

missing=()
any gcc clang cc || missing+=(gcc libc6-dev)
node_is_new_enough || missing+=(nodejs)
have npm || missing+=(npm)
any chromium chromium-browser google-chrome google-chrome-stable chrome || missing+=(chromium)
any nginx /usr/sbin/nginx || missing+=(nginx)

if [ ${#missing[@]} -gt 0 ]; then
	as_root=()
	if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
	if ! have apt-get || { [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; }; then
		echo "The tests need these, under whatever name your system gives them: ${missing[*]} (Node $oldest_node or later)." >&2
		exit 1
	fi
	echo "installing ${missing[*]}"
	"${as_root[@]}" apt-get update -qq
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
	if ! node_is_new_enough; then
		echo "The tests need Node $oldest_node or later; this system offers $(node --version 2>/dev/null || echo none)." >&2
		exit 1
	fi
fi

for folder in interop daemon siogen ../browser; do
	# npm writes the inner file when it has installed everything.
	if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
		echo "installing the npm packages of $folder"
		npm ci --prefix "$folder" --no-audit --no-fund --loglevel error
		touch "$folder/node_modules/.package-lock.json"
	fi
done
