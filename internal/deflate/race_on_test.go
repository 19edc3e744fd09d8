//go:build race

package deflate_test

// raceEnabled: the race detector makes pools forget and counts its own allocations.
const raceEnabled = true
