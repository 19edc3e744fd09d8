//go:build race

package engineio_test

// raceEnabled: the race detector makes pools forget and counts its own allocations.
const raceEnabled = true
