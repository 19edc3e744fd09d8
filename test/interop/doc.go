// Package interop tests the official JavaScript client against this server.
//
// The cases are JavaScript (cases/), run by Node with the client that package.json pins. What they talk to exists twice:
// in Go (serve_test.go), which is what is tested, and on the reference server (reference.mjs), which proves the cases.
package interop
