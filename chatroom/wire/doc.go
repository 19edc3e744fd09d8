// Package wire is the contract between the chat and its clients, version 1: the events of both sides with the types of what
// they carry. A bot in Go can import it; the page has it as TypeScript, in chatroom/ui/src/wire.ts, and others as an AsyncAPI
// document, asyncapi.json. Both are made by go generate, and a test compares.
//
// It knows names and types, some of which are those of package chat. It touches nothing. It refuses to know what happens to
// an event: packages web and ui do.
//
// Times are Unix milliseconds. A request that can't be done is answered with a [Refusal]. An event's type never changes its
// meaning; what is new is a new member, which older clients pass over.
package wire

//go:generate go run ../../cmd/siogen -ts ../ui/src/wire.ts -asyncapi asyncapi.json -title "The chat room"
