//go:build race

package attack

// raceDetector says whether the test runs under the race detector.
const raceDetector = true
