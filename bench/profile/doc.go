// Package profile reads what perf recorded of a server and says where its time went: in which system calls, in Go's
// scheduler and memory, in which packages.
//
// It takes the text of perf script, and starts nothing.
package profile
