// Package attack throws at a server what a hostile peer would, as raw bytes over raw TCP: the inputs of every flaw that
// servers of this kind are known for, variants of them, and floods.
//
// Each attack is a subtest. It states how its own connection must end, and that no handler ran for it. Around every one
// of them a witness, an ordinary client over WebSocket and another over polling, must go on being answered. After a
// whole set nothing may be left: no session, no goroutine, no descriptor, no memory.
//
// The set runs against a server inside the test, twice in a row, with what does its harm by size at a tenth of it; and
// against the stand-in program in a process of its own, at full size. With SOAK=1 every run is at full size and twice.
// ATTACK_ADDR names another server on 127.0.0.1 instead of the program.
//
// It knows the limits of docs/limits.md and the wire. It refuses to know how a server keeps them.
package attack
