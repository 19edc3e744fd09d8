#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other, for the time given (1m by default).
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-1m}
ran=0
while read -r file; do
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		echo "== ./$(dirname "$file") $target, $time"
		go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x
		ran=$((ran + 1))
	done
done < <(git ls-files --cached --others --exclude-standard '*_test.go' | sort)
if [ "$ran" -eq 0 ]; then
	echo "no fuzz target found" >&2
	exit 1
fi
echo "$ran fuzz targets, none failed"
