// Package browser holds the Socket.IO client for browsers, ready to be served.
//
// The client is our own, written in TypeScript; src mirrors the file names of the Go side. dist has the bundles, made
// from src by go generate and committed, so that building the server needs neither Node.js nor a bundler:
//
//	socket.io.js              global io, readable
//	socket.io.min.js          global io, small
//	socket.io.full.min.js     global io, with everything there is
//	socket.io.esm.min.js      ES module, with everything there is
//	socket.io.msgpack.min.js  global io that speaks MessagePack
//	socket.io.shared.min.js   global io with one connection for all tabs
//	socket.io.worker.min.js   the shared worker of the former
//
// each with its source map, and compressed with Brotli. A test fails when dist and src differ.
//
// The package knows names and bytes. It does not know HTTP: which of its files are served, where and with what headers
// is for the server to say.
package browser
