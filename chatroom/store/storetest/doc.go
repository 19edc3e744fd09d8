// Package storetest is the proof that a store keeps what package store promises. Every store passes it unchanged:
//
//	func TestStore(t *testing.T) { storetest.Run(t, open) }
//	func TestCrash(t *testing.T) { storetest.Crash(t, open) }
//
// It knows the interface and the rules, and nothing of any one store.
package storetest
