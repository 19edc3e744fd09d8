// Command bench puts load on Socket.IO servers and says what it costs them: CPU-seconds of the server process for a
// million deliveries or acknowledgements, beside throughput and latency. Every delivery is checked; one that is lost,
// repeated, out of order or altered ends the run with an error.
//
// It drives our own server (role bench of test/conformance) and the rivals in rivals/, interleaved, and prints ratios:
// absolute times don't carry from one machine, or one run, to the next. The server is pinned to core 0 and this program
// to core 1, which it keeps busy: a server pays for waking a client that sleeps on the same machine, and for no other. On
// a core that others need, -sleep lets it sleep. The load is raw WebSocket framing and HTTP; no Socket.IO library takes
// part. Only loopback is talked to.
//
//	go run ./bench                                 every scenario, ours, Node, Bun and the limit, 3 runs of 5 s
//	go run ./bench -run 'echo.*c=100 ' -runs 5     some of them: a regular expression on the names
//	go run ./bench -list                           the names
//	go run ./bench -rivals node -time 2s           without Bun, shorter
//	go run ./bench -rivals "" -profile DIR         where our server's time goes, by perf
//	go run ./bench -cores 2 -rivals ""             ours on all cores with many senders: is everything right?
//
// To compare two builds of ours, build the one to compare with and name it; the two take turns, and the ratio of each
// pair is printed:
//
//	go build -o /tmp/old ./test/conformance        before the change
//	go run ./bench -old /tmp/old -rivals "" -run 'echo' -time 1s -runs 10
//
// -ours names a binary in place of the one that is built from the tree, so -old A -ours B compares any two.
//
// The rival named limit is none: a server of a few lines in limit/, with one epoll set and no house around it, that shows
// what the machine itself asks for a message.
//
// With -docs docs (make bench) a run of all scenarios writes the tables, the plots and the profiles of docs/performance.md,
// and keeps its figures in docs/plots/results.json, from which -from draws the plots again.
//
// Linux only, from 5.11 on, with taskset; perf for the profiles.
package main
