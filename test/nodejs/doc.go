// Package nodejs runs Node programs in tests.
//
// It knows where the pinned npm packages of the tests are, and how to start a program, read what it prints and end it.
// It refuses to know what the programs do.
//
// On a machine without Node a test that asks for it is skipped, so that `go test ./...` works with Go alone. `make test`
// installs Node and sets REQUIRE_TOOLS, which turns the skip into a failure.
package nodejs
