// Package ui holds the page of the chat: its sources in src, TypeScript and CSS without a framework, and what is made of
// them in dist, which is committed and embedded, so that nothing but Go is needed to build and run the chat.
//
// It knows the files. It touches nothing but memory. It refuses to know HTTP: package web serves it.
//
// After a change of src, or of the browser client in /browser/src, run go generate ./chatroom/ui. A test compares.
package ui

//go:generate go run ./internal/write
