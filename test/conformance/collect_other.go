//go:build !unix

package main

// collectOnSignal does nothing here, as there is no SIGUSR2.
func collectOnSignal() {}
