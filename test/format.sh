#!/usr/bin/env bash
# Fails when a Go file is not formatted. gofmt comes from the toolchain that go.mod names.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(git ls-files -z --cached --others --exclude-standard '*.go' |
	while IFS= read -r -d '' file; do if [ -f "$file" ]; then printf '%s\0' "$file"; fi; done |
	xargs -0r "$(go env GOROOT)/bin/gofmt" -l)
if [ -n "$unformatted" ]; then
	echo "not formatted (gofmt -w mends it):" >&2
	echo "$unformatted" >&2
	exit 1
fi
