// Package source reads contracts out of Go source.
//
// It asks the go command which files belong to a program, type-checks them, and finds the calls of contract.NewEvent and
// contract.NewCall. What their types look like on the wire it derives as encoding/json/v2 and the library do it.
//
// It reads files, and runs the go command. It knows the syntax of Go; it refuses to know what is written out of it.
package source
