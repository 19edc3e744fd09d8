// Package chatroom tests the chat as people use it: in pages of a real Chromium, each with cookies and storage of its own,
// against a server with its data on disk that can be stopped and started.
//
// It knows what is on the screen and what people do. It refuses to know what goes over the wire: package web's own tests
// do.
//
// With SCREENSHOTS=folder it also writes the pictures of the README.
package chatroom
