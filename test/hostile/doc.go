// Package hostile tests the browser client against a server that means harm to its clients (AT-43): in Node.js, with
// package ws, and in a real Chromium.
//
// It knows what a server can say and must not: broken handshakes, frames and packets, floods, answers without an end. It
// knows what the client is to make of each, and what the client may hold. What the client does with time is tested in
// browser/test, where time stands still until a test moves it; the Go client has the same tests in test/client.
package hostile
