// Command bench puts load on Socket.IO servers and says what it costs them: CPU-seconds of the server process for a
// million deliveries or acknowledgements, beside throughput, latency and what was lost or came out of order.
//
// It drives our own server (role bench of test/conformance) and the rivals in rivals/, interleaved in one run, and
// prints ratios: absolute times don't carry from one machine, or one run, to the next. The server is pinned to one core
// and this program to the others, where taskset is there.
//
// The load is raw WebSocket framing; no Socket.IO library takes part, ours included. Only loopback is ever talked to.
//
//	go run ./bench                        every scenario, ours against Node, 3 runs
//	go run ./bench -run cast -runs 5      some of them
//	go run ./bench -run idle -conns 15000 memory of idle connections
package main
