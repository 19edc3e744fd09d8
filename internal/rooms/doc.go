// Package rooms knows who is in which room, and nothing else.
//
// [Index] maps a room's name to its members, [Set] holds the members of one crowd that has no name. Both hand out
// snapshots: slices that stay as they are while membership moves on, so that a broadcast walks its receivers without a
// lock. Between two changes every snapshot of a room is the same slice, so a busy room costs one map lookup per emit.
//
// The package may touch memory and locks. It refuses to know sockets, packets, networks, clocks and goroutines: a member
// is any comparable value, and the changes of the index are reported to one function that only takes note of them.
package rooms
