//go:build race

package socketio_test

// raceDetector makes pools forget on purpose, so that allocations can't be counted.
const raceDetector = true
