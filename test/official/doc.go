// Package official holds the tests of the reference's own client, told again for the client in Go, by their titles.
//
// It knows what the reference promises to its users, and the server that its tests talk to. It refuses to know how the
// client keeps it. docs/official-tests-go.md maps every title.
package official
