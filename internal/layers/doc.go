// Package layers holds the line between the rooms of this module.
//
// It is a test and nothing else. It reads the imports of every package with go/parser and fails when one points up,
// when a third party appears where none may be, when a pure package touches the network, the clock or a goroutine, and
// when a package is on no floor at all. The floors themselves are data, in floors_test.go.
//
// It knows the names of packages. It refuses to know what is inside them.
package layers
