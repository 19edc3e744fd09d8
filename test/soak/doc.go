// Package soak puts load on a server and checks that nothing is lost, repeated, out of order or left behind.
//
// Every test has two sizes. Under `go test` it is small and takes seconds; with SOAK=1, as `make soak` sets it, it is
// full, and the numbers are written to docs/soak.md. What is random follows from a seed, which is logged; SOAK_SEED
// repeats one. No test fails on time.
//
// It knows what clients may rely on. It refuses to know how a server keeps it: the clients are those of test/raw, which
// share no code with the server.
package soak
