// Package differential holds the parser against npm's socket.io-parser: generated messages, valid, damaged and hostile,
// go through both decoders, and packets through each encoder and the other's decoder.
//
// It knows how to make such messages from a seed, how a decoded packet looks to a program in JavaScript, and where the two
// may differ: the list in differences_test.go, each with its reason. Any other difference is a failure. The list is
// printed, with what the last run at full size has seen, in docs/parser-differences.md.
//
// Small and seeded in an ordinary run; SOAK=1 makes it a million sequences of messages, from a seed that SOAK_SEED
// repeats.
package differential
