#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other, for the time given (1m by default), and writes what they saw
# to docs/fuzzing.md. It stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-1m}
log=$(mktemp)
rows=$(mktemp)
trap 'rm -f "$log" "$rows"' EXIT
ran=0
while read -r file; do
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		folder=$(dirname "$file")
		echo "== ./$folder $target, $time"
		go test "./$folder" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x 2>&1 | tee "$log"
		# The time may have gone before a busy machine was through with the inputs that are kept: then nothing was tried.
		if ! grep -q 'execs: [1-9]' "$log"; then
			echo "./$folder $target tried nothing in $time: give it longer" >&2
			exit 1
		fi
		echo "| \`$folder\` | \`$target\` | $(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1) | $(sed -n 's/.*(total: \([0-9]*\)).*/\1/p' "$log" | tail -1) |" >>"$rows"
		ran=$((ran + 1))
	done
done < <(git ls-files --cached --others --exclude-standard '*_test.go' | sort)
if [ "$ran" -eq 0 ]; then
	echo "no fuzz target found" >&2
	exit 1
fi
cat >docs/fuzzing.md <<PAGE
# Fuzzing

Every decoder has a fuzz target, which holds that no input makes it panic, go beyond its limits or break a promise; two more take whole
connections and whole sessions. They begin with the wire vectors and the attacks, and with what earlier runs on the same machine have found
worth keeping. This page is written by the run itself; a target that fails leaves no page but the input, in testdata/fuzz.

- command: \`make fuzz FUZZTIME=$time\`
- date: $(date -u '+%Y-%m-%d %H:%M UTC')
- machine: $(nproc) cores, $(go env GOOS)/$(go env GOARCH), $(go env GOVERSION)

| package | target | executions | inputs kept |
| --- | --- | --- | --- |
$(cat "$rows")

$ran targets, none failed.
PAGE
echo "$ran fuzz targets, none failed"
