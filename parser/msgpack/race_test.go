//go:build race

package msgpack_test

// raceEnabled: the race detector allocates, and makes pools forget, so allocations are not counted under it.
const raceEnabled = true
