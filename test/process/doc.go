// Package process runs programs beside a test: it starts them, reads what they print, signals them, and sees that none
// is left when the test ends.
//
// A package that is a program can run its own main function this way, out of the test binary: [Main] goes into its
// TestMain, [Self] starts it. So what is tested is the program, compiled once, with the race detector where the test
// has it.
//
// It refuses to know what the programs do.
package process
